import { systemClock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { Health } from "@orrery/common/http/health";
import { idempotencyPlugin } from "@orrery/common/http/idempotency/idempotency-plugin";
import { pathOf } from "@orrery/common/http/problem";
import { createServiceApp, type ServiceApp } from "@orrery/common/http/service-app";
import type { AppMeasuring } from "@orrery/common/observability/observation";
import type { IdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store";
import { accessPlugin } from "./access/access-plugin.ts";
import type { Authenticator } from "./access/authenticator.ts";
import { registerAdminRoutes } from "./admin/admin.routes.ts";
import { registerAuditRoutes } from "./admin/audit.routes.ts";
import type { Administration } from "./admin/compose.ts";
import { registerTenantLimitRoutes } from "./admin/tenant-limits.routes.ts";
import { corsPlugin } from "./browsers/cors-plugin.ts";
import { securityHeadersPlugin } from "./browsers/security-headers-plugin.ts";
import { limitsPlugin } from "./limits/limits-plugin.ts";
import type { LimitsOptions } from "./limits/request-limits.ts";
import type { ComposedProxy } from "./proxy/compose.ts";
import { isProxied, registerProxiedRoutes } from "./proxy/proxied-routes.ts";
import { assertBodyFits, bodyLimitOf } from "./proxy/request-body.ts";
import { transportPlugin } from "./proxy/transport-plugin.ts";
import { readReference, registerReferenceRoutes } from "./reference/reference.routes.ts";
import { RecentErrors } from "./status/recent-errors.ts";
import { noteErrors, registerStatusRoutes } from "./status/status.routes.ts";
import { StatusService } from "./status/status-service.ts";
import { VERSIONS, type Version } from "./versions/version.ts";
import { VersionRegistry } from "./versions/version-registry.ts";

export interface GatewayDependencies extends Administration {
  logLevel: string;
  health: Health;
  measuring: AppMeasuring;
  authenticator: Pick<Authenticator, "authenticate">;
  /** Of what the gateway answers itself; the services have their own. */
  idempotency: IdempotencyStore;
  limits: LimitsOptions;
  /** Whose pages may call from a browser. */
  allowedOrigins: readonly string[];
  proxy: ComposedProxy["dependencies"];
  versions?: readonly Version[];
  logStream?: { write(line: string): void };
}

/** The front door: every version of the API under all its mounts, and nothing behind it but those. */
export function buildApp(dependencies: GatewayDependencies): ServiceApp {
  const { logLevel, health, measuring, logStream, limits, proxy } = dependencies;
  const versions = new VersionRegistry(dependencies.versions ?? VERSIONS);
  const [current] = dependencies.versions ?? VERSIONS;
  const app = createServiceApp({
    service: "gateway",
    logLevel,
    health,
    ...measuring,
    ...(logStream === undefined ? {} : { logStream }),
    isTrustedProxy: (address) => proxy.trustedProxies.has(address),
    problems: {
      // The alias answers with the same bytes as the canonical path.
      instanceOf: (url) => pathOf(versions.canonicalUrl(url)),
      headersOf: (url) => versions.headersOf(url ?? current?.mount ?? "/"),
    },
  });
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(versions.headersOf(request.raw.url ?? "/"));
    done();
  });
  app.register(securityHeadersPlugin);
  app.register(corsPlugin, { allowedOrigins: dependencies.allowedOrigins });
  app.register(transportPlugin);
  app.addHook("preClose", async () => proxy.streams.drain());
  app.register(limitsPlugin, limits);
  app.register(async (scope) => registerReferenceRoutes(scope, readReference()));
  registerStatus(app, dependencies);
  for (const { version, mount } of versions.mounted) {
    app.register(
      async (scope: ServiceApp) => mountVersion(scope, version, mount, versions, dependencies),
      {
        prefix: mount,
      },
    );
  }
  return app;
}

function registerStatus(
  app: ServiceApp,
  { health, proxy, measuring }: Pick<GatewayDependencies, "health" | "proxy" | "measuring">,
): void {
  const errors = new RecentErrors();
  noteErrors(app, errors);
  const status = new StatusService({
    health,
    upstreams: proxy.upstreams,
    ownMetrics: async () => (await measuring.registry?.metrics()) ?? "",
    errors,
    clock: systemClock,
  });
  app.register(async (scope) => registerStatusRoutes(scope, status));
}

async function mountVersion(
  app: ServiceApp,
  version: Version,
  mount: string,
  versions: VersionRegistry,
  dependencies: GatewayDependencies,
): Promise<void> {
  const { authenticator, idempotency, health, proxy } = dependencies;
  app.addHook("onRequest", (request, _reply, done) => {
    // The router matches decoded paths; what is passed on is the path as it was sent.
    if (versions.find(request.raw.url ?? "")?.mount !== mount) {
      throw new ProblemError("route_not_found", "There is no such route; see the API reference.");
    }
    done();
  });
  app.get("/health", { logLevel: "warn" }, health.answer);
  await app.register(async (guarded: ServiceApp) => {
    await guarded.register(accessPlugin, { authenticator });
    guarded.addHook("onRequest", (request, _reply, done) => {
      assertBodyFits(request.raw, bodyLimitOf(request.routeOptions.config.operation));
      done();
    });
    const operations = Object.values(version.operations);
    if (operations.some(({ service }) => service === "gateway")) {
      await guarded.register(async (own: ServiceApp) => {
        await own.register(idempotencyPlugin, { store: idempotency });
        registerOwnRoutes(own, dependencies);
      });
    }
    await guarded.register(async (proxied: ServiceApp) =>
      registerProxiedRoutes(proxied, operations.filter(isProxied), versions, {
        ...proxy,
        authenticator,
        health,
      }),
    );
  });
}

/** What the gateway answers itself. */
function registerOwnRoutes(app: ServiceApp, dependencies: GatewayDependencies): void {
  const { admin, tenantLimits, audit, limits } = dependencies;
  registerAdminRoutes(app, admin);
  registerTenantLimitRoutes(app, tenantLimits, limits.perMinute);
  registerAuditRoutes(app, audit);
}
