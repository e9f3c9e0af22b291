import { ProblemError } from "@orrery/common/contracts/errors";
import type { Health } from "@orrery/common/http/health";
import { idempotencyPlugin } from "@orrery/common/http/idempotency/idempotency-plugin";
import { pathOf } from "@orrery/common/http/problem";
import { createServiceApp, type ServiceApp } from "@orrery/common/http/service-app";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type { IdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store";
import { accessPlugin } from "./access/access-plugin.ts";
import type { Authenticator } from "./access/authenticator.ts";
import { registerAdminRoutes } from "./admin/admin.routes.ts";
import type { AdminService } from "./admin/admin-service.ts";
import type { LimitSettings } from "./limits/limit.ts";
import { limitsPlugin } from "./limits/limits-plugin.ts";
import {
  isProxied,
  type ProxyDependencies,
  registerProxiedRoutes,
} from "./proxy/proxied-routes.ts";
import { assertBodyFits, bodyLimitOf } from "./proxy/request-body.ts";
import { transportPlugin } from "./proxy/transport-plugin.ts";
import { VERSIONS, type Version } from "./versions/version.ts";
import { VersionRegistry } from "./versions/version-registry.ts";

export interface GatewayDependencies {
  logLevel: string;
  health: Health;
  /** Undefined: no `/metrics`. */
  registry: MetricsRegistry | undefined;
  authenticator: Pick<Authenticator, "authenticate">;
  admin: AdminService;
  /** Of what the gateway answers itself; the services have their own. */
  idempotency: IdempotencyStore;
  limits: LimitSettings;
  proxy: ProxyDependencies;
  versions?: readonly Version[];
  logStream?: { write(line: string): void };
}

/** The front door: every version of the API under all its mounts, and nothing behind it but those. */
export function buildApp(dependencies: GatewayDependencies): ServiceApp {
  const { logLevel, health, registry, logStream, limits, proxy } = dependencies;
  const versions = new VersionRegistry(dependencies.versions ?? VERSIONS);
  const [current] = dependencies.versions ?? VERSIONS;
  const app = createServiceApp({
    service: "gateway",
    logLevel,
    health,
    registry,
    ...(logStream === undefined ? {} : { logStream }),
    isTrustedProxy: (address) => proxy.trustedProxies.has(address),
    problems: {
      // The alias answers with the same bytes as the canonical path.
      instanceOf: (url) => pathOf(versions.canonicalUrl(url)),
      headersOf: (url) => versions.headersOf(url ?? current?.mount ?? "/"),
    },
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.headers(versions.headersOf(request.raw.url ?? "/"));
  });
  app.register(transportPlugin);
  app.register(limitsPlugin, { perMinute: limits });
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

async function mountVersion(
  app: ServiceApp,
  version: Version,
  mount: string,
  versions: VersionRegistry,
  { authenticator, admin, idempotency, health, proxy }: GatewayDependencies,
): Promise<void> {
  app.addHook("onRequest", async (request) => {
    // The router matches decoded paths; what is passed on is the path as it was sent.
    if (versions.find(request.raw.url ?? "")?.mount !== mount) {
      throw new ProblemError("route_not_found", "There is no such route; see the API reference.");
    }
  });
  app.get("/health", { logLevel: "warn" }, async (_request, reply) => {
    const report = await health.report();
    return reply.code(report.status === "down" ? 503 : 200).send(report);
  });
  await app.register(async (guarded: ServiceApp) => {
    await guarded.register(accessPlugin, { authenticator });
    guarded.addHook("onRequest", async (request) =>
      assertBodyFits(request.raw, bodyLimitOf(request.routeOptions.config.operation)),
    );
    const operations = Object.values(version.operations);
    if (operations.some(({ service }) => service === "gateway")) {
      await guarded.register(async (own: ServiceApp) => {
        await own.register(idempotencyPlugin, { store: idempotency });
        registerAdminRoutes(own, admin);
      });
    }
    await guarded.register(async (proxied: ServiceApp) =>
      registerProxiedRoutes(proxied, operations.filter(isProxied), versions, proxy),
    );
  });
}
