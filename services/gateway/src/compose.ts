import { databaseUrlOf } from "@orrery/common/config/service-variables";
import { systemClock } from "@orrery/common/contracts/clock";
import type { HealthCheck } from "@orrery/common/contracts/health";
import { Health } from "@orrery/common/http/health";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { Observation } from "@orrery/common/observability/observation";
import type { AdminAuditRepository } from "@orrery/common/repositories/admin-audit/admin-audit-repository";
import { KyselyAdminAuditRepository } from "@orrery/common/repositories/admin-audit/admin-audit-repository.kysely";
import { MemoryAdminAuditRepository } from "@orrery/common/repositories/admin-audit/admin-audit-repository.memory";
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
import type { TenantLimitRepository } from "@orrery/common/repositories/tenant-limit/tenant-limit-repository";
import { KyselyTenantLimitRepository } from "@orrery/common/repositories/tenant-limit/tenant-limit-repository.kysely";
import { MemoryTenantLimitRepository } from "@orrery/common/repositories/tenant-limit/tenant-limit-repository.memory";
import { Authenticator } from "./access/authenticator.ts";
import { composeAdministration } from "./admin/compose.ts";
import { buildApp, type GatewayDependencies } from "./app.ts";
import { allowedOriginsOf } from "./browsers/cors-variables.ts";
import type { GatewayConfig } from "./config.ts";
import { AdminToken } from "./credentials/admin-token.ts";
import { ApiKeyAuthenticator } from "./credentials/api-key-authenticator.ts";
import { type JwtKeySource, JwtVerifier } from "./credentials/jwt-verifier.ts";
import { KeyUsage } from "./credentials/key-usage.ts";
import { RevocationWatch } from "./credentials/revocation-watch.ts";
import { upstreamCheck } from "./health/upstream-check.ts";
import { composeLimits } from "./limits/compose.ts";
import { composeProxy } from "./proxy/compose.ts";

export interface Gateway {
  readonly app: ServiceApp;
  /** What the app was built from. */
  readonly dependencies: GatewayDependencies;
  readonly health: Health;
  readonly observation: Observation;
  /** Checks the schema and learns of revocations; before it the gateway must not listen. */
  readonly start: () => Promise<void>;
  /** What was opened, to be closed in this order after the last answer. */
  readonly closers: readonly (() => Promise<void>)[];
}

interface Store {
  readonly tenants: TenantRepository;
  readonly keys: ApiKeyRepository;
  readonly tenantLimits: TenantLimitRepository;
  readonly audit: AdminAuditRepository;
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
  const observation = new Observation(config, (fields, text) => app.log.warn(fields, text));
  const store = openStore(config, observation, (error) =>
    app.log.warn({ err: error }, "could not delete old idempotency keys"),
  );
  const proxy = composeProxy(config, {
    registry: observation.registry,
    areRevocationsKnown: () => isFresh(revocations),
    onLookupError: (error) =>
      app.log.warn({ err: error }, "a service's name could not be looked up"),
  });
  const checks = Object.values(proxy.dependencies.upstreams).map(upstreamCheck);
  const limits = composeLimits(config, {
    tenantLimits: store.tenantLimits,
    registry: observation.registry,
    onError: (error) => app.log.warn({ err: error }, "limits are counted without what is shared"),
  });
  const health = new Health([...store.checks, ...limits.checks, ...checks], config.APP_VERSION);
  const { authenticator, revocations, usage } = composeCredentials(config, store.keys, {
    onRevoked: (keyId) => proxy.revoked(keyId),
    onError: (error) => app.log.error({ err: error }, "the revocations could not be read"),
    onUsageError: (error) => app.log.warn({ err: error }, "the use of keys could not be kept"),
  });
  const dependencies: GatewayDependencies = {
    logLevel: config.LOG_LEVEL,
    health,
    measuring: observation.app(),
    authenticator,
    ...composeAdministration({
      store,
      keyEnvironment: config.NODE_ENV === "production" ? "live" : "test",
      revocations,
      limits: limits.options.tenantLimits,
    }),
    idempotency: store.idempotency.store,
    limits: limits.options,
    allowedOrigins: allowedOriginsOf(config),
    proxy: proxy.dependencies,
    ...(logStream === undefined ? {} : { logStream }),
  };
  const app: ServiceApp = buildApp(dependencies);
  return {
    app,
    dependencies,
    health,
    observation,
    start: async () => {
      await store.assertReady((text) => app.log.warn(text));
      await revocations.start();
      limits.options.tenantLimits.start();
      usage.start();
      store.idempotency.start();
      proxy.start();
      health.markStarted();
    },
    closers: [
      () => revocations.stop(),
      () => usage.close(),
      () => limits.close(),
      () => proxy.close(),
      () => store.idempotency.close(),
      () => store.close(),
    ],
  };
}

function composeCredentials(
  config: GatewayConfig,
  keys: ApiKeyRepository,
  told: {
    onRevoked: (keyId: string) => void;
    onError: (error: unknown) => void;
    onUsageError: (error: unknown) => void;
  },
) {
  const revocations = new RevocationWatch({
    keys,
    monotonicClock: () => performance.now(),
    onRevoked: (keyId) => {
      apiKeys.forget(keyId);
      told.onRevoked(keyId);
    },
    onRolled: (keyId, isNews) => {
      apiKeys.forget(keyId);
      // A stream of events comes back, and then ends when the key does.
      if (isNews) told.onRevoked(keyId);
    },
    onError: told.onError,
  });
  const usage = new KeyUsage({ keys, onError: told.onUsageError });
  const apiKeys: ApiKeyAuthenticator = new ApiKeyAuthenticator({
    keys,
    revocations,
    clock: systemClock,
    onUsed: (keyId, atMs) => usage.note(keyId, atMs),
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
  return { authenticator, revocations, usage };
}

/** Whether the news of revocations is recent enough to believe a key. */
function isFresh(revocations: RevocationWatch): boolean {
  try {
    revocations.assertFresh();
    return true;
  } catch {
    return false;
  }
}

function jwtKeySourceOf(config: GatewayConfig): JwtKeySource | undefined {
  const { JWT_SECRET, JWT_JWKS_URL, JWT_JWKS_ALGORITHM } = config;
  if (JWT_SECRET !== undefined) return { kind: "secret", secret: JWT_SECRET };
  if (JWT_JWKS_URL === undefined) return undefined;
  return { kind: "jwks", url: JWT_JWKS_URL, algorithm: JWT_JWKS_ALGORITHM };
}

function openStore(
  config: GatewayConfig,
  observation: Observation,
  onError: (error: unknown) => void,
): Store {
  const url = databaseUrlOf(config);
  if (url === undefined) {
    const audit = new MemoryAdminAuditRepository();
    const tenants = new MemoryTenantRepository(audit.append);
    return {
      tenants,
      keys: new MemoryApiKeyRepository(tenants, systemClock, audit.append),
      tenantLimits: new MemoryTenantLimitRepository(tenants, systemClock, audit.append),
      audit,
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
    observer: observation.requestPool(),
  });
  return {
    tenants: new KyselyTenantRepository(database.kysely),
    keys: new KyselyApiKeyRepository(database.kysely),
    tenantLimits: new KyselyTenantLimitRepository(database.kysely),
    audit: new KyselyAdminAuditRepository(database.kysely),
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
