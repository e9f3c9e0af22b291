import { databaseUrlOf } from "@orrery/common/config/service-variables";
import { systemClock } from "@orrery/common/contracts/clock";
import type { HealthCheck } from "@orrery/common/contracts/health";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { Health } from "@orrery/common/http/health";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { createRegistry } from "@orrery/common/observability/metrics";
import type { ApiKeyRepository } from "@orrery/common/repositories/api-key/api-key-repository";
import { KyselyApiKeyRepository } from "@orrery/common/repositories/api-key/api-key-repository.kysely";
import { MemoryApiKeyRepository } from "@orrery/common/repositories/api-key/api-key-repository.memory";
import { openDatabase } from "@orrery/common/repositories/database";
import { databaseCheck } from "@orrery/common/repositories/database-check";
import { assertRestrictedLogin } from "@orrery/common/repositories/database-login";
import {
  composeIdempotency,
  type Idempotency,
} from "@orrery/common/repositories/idempotency/compose";
import { assertMigrated } from "@orrery/common/repositories/migrations/migrate";
import type { TenantRepository } from "@orrery/common/repositories/tenant/tenant-repository";
import { KyselyTenantRepository } from "@orrery/common/repositories/tenant/tenant-repository.kysely";
import { MemoryTenantRepository } from "@orrery/common/repositories/tenant/tenant-repository.memory";
import { Authenticator } from "./access/authenticator.ts";
import { AdminService } from "./admin/admin-service.ts";
import { buildApp, type GatewayDependencies } from "./app.ts";
import type { GatewayConfig } from "./config.ts";
import { AdminToken } from "./credentials/admin-token.ts";
import { ApiKeyAuthenticator } from "./credentials/api-key-authenticator.ts";
import { type JwtKeySource, JwtVerifier } from "./credentials/jwt-verifier.ts";
import { RevocationWatch } from "./credentials/revocation-watch.ts";
import { upstreamCheck } from "./health/upstream-check.ts";
import { limitsOf } from "./limits/limit.ts";
import { createProxyMetrics } from "./proxy/proxy-metrics.ts";
import { SignedContexts } from "./proxy/signed-contexts.ts";
import { parseTrustedProxies } from "./proxy/trusted-proxies.ts";
import { openUpstream } from "./proxy/upstream.ts";

export interface Gateway {
  readonly app: ServiceApp;
  /** What the app was built from. */
  readonly dependencies: GatewayDependencies;
  readonly health: Health;
  /** Checks the schema and learns of revocations; before it the gateway must not listen. */
  readonly start: () => Promise<void>;
  /** What was opened, to be closed in this order after the last answer. */
  readonly closers: readonly (() => Promise<void>)[];
}

interface Store {
  readonly tenants: TenantRepository;
  readonly keys: ApiKeyRepository;
  readonly idempotency: Idempotency;
  readonly checks: readonly HealthCheck[];
  assertReady(warn: (text: string) => void): Promise<void>;
  close(): Promise<void>;
}

/** Wires the gateway; opens no connection before `start`. */
export function composeGateway(
  config: GatewayConfig,
  logStream?: { write(line: string): void },
): Gateway {
  const store = openStore(config, (error) =>
    app.log.warn({ err: error }, "could not delete old idempotency keys"),
  );
  const [signingKey] = parseContextKeys(config.CONTEXT_SIGNING_KEYS);
  const upstreams = {
    billing: openUpstream("billing", config.BILLING_URL),
    catalog: openUpstream("catalog", config.CATALOG_URL),
  };
  const services = Object.values(upstreams);
  const checks = services.map(({ audience, origin }) => upstreamCheck(audience, origin));
  const health = new Health([...store.checks, ...checks], config.APP_VERSION);
  const registry = createRegistry();
  const { authenticator, revocations } = composeCredentials(config, store.keys, (error) =>
    app.log.error({ err: error }, "the revocations could not be read"),
  );
  const dependencies: GatewayDependencies = {
    logLevel: config.LOG_LEVEL,
    health,
    registry: config.METRICS_ENABLED ? registry : undefined,
    authenticator,
    admin: new AdminService({
      tenants: store.tenants,
      keys: store.keys,
      clock: systemClock,
      keyEnvironment: config.NODE_ENV === "production" ? "live" : "test",
      onRevoked: (keyId) => revocations.note(keyId),
    }),
    idempotency: store.idempotency.store,
    limits: limitsOf(config),
    proxy: {
      upstreams,
      contexts: new SignedContexts(signingKey, systemClock),
      trustedProxies: parseTrustedProxies(config.TRUSTED_PROXIES),
      health,
      metrics: createProxyMetrics(registry),
    },
    ...(logStream === undefined ? {} : { logStream }),
  };
  const app: ServiceApp = buildApp(dependencies);
  return {
    app,
    dependencies,
    health,
    start: async () => {
      await store.assertReady((text) => app.log.warn(text));
      await revocations.start();
      store.idempotency.start();
      health.markStarted();
    },
    closers: [
      () => revocations.stop(),
      ...services.map((upstream) => () => upstream.close()),
      () => store.idempotency.close(),
      () => store.close(),
    ],
  };
}

function composeCredentials(
  config: GatewayConfig,
  keys: ApiKeyRepository,
  onError: (error: unknown) => void,
) {
  const revocations = new RevocationWatch({
    keys,
    monotonicClock: () => performance.now(),
    onRevoked: (keyId) => apiKeys.forget(keyId),
    onError,
  });
  const apiKeys: ApiKeyAuthenticator = new ApiKeyAuthenticator({
    keys,
    revocations,
    clock: systemClock,
  });
  const source = jwtKeySourceOf(config);
  const authenticator = new Authenticator({
    apiKeys,
    adminToken: new AdminToken(config.ADMIN_TOKEN),
    jwt:
      source &&
      new JwtVerifier({
        source,
        issuer: config.JWT_ISSUER,
        audience: config.JWT_AUDIENCE,
        clock: systemClock,
      }),
    isTenantHeaderTrusted: config.TENANT_HEADER_TRUST,
  });
  return { authenticator, revocations };
}

function jwtKeySourceOf(config: GatewayConfig): JwtKeySource | undefined {
  const { JWT_SECRET, JWT_JWKS_URL, JWT_JWKS_ALGORITHM } = config;
  if (JWT_SECRET !== undefined) return { kind: "secret", secret: JWT_SECRET };
  if (JWT_JWKS_URL === undefined) return undefined;
  return { kind: "jwks", url: JWT_JWKS_URL, algorithm: JWT_JWKS_ALGORITHM };
}

function openStore(config: GatewayConfig, onError: (error: unknown) => void): Store {
  const url = databaseUrlOf(config);
  if (url === undefined) {
    const tenants = new MemoryTenantRepository();
    return {
      tenants,
      keys: new MemoryApiKeyRepository(tenants, systemClock),
      idempotency: composeIdempotency({ database: undefined, onError }),
      checks: [],
      assertReady: async () => undefined,
      close: async () => undefined,
    };
  }
  const database = openDatabase({
    url,
    poolSize: config.DB_POOL_SIZE,
    applicationName: "orrery-gateway",
  });
  return {
    tenants: new KyselyTenantRepository(database.kysely),
    keys: new KyselyApiKeyRepository(database.kysely),
    idempotency: composeIdempotency({ database, role: "orrery_administrator", onError }),
    checks: [databaseCheck(database.pool, config.HEALTH_DB_TIMEOUT_MS)],
    assertReady: async (warn) => {
      await assertMigrated(database);
      await assertRestrictedLogin(database, {
        isProduction: config.NODE_ENV === "production",
        warn,
      });
    },
    close: () => database.close(),
  };
}
