import { Health } from "@orrery/common/http/health";
import { createServiceApp, type ServiceApp } from "@orrery/common/http/service-app";
import { createRegistry } from "@orrery/common/observability/metrics";
import { Observation } from "@orrery/common/observability/observation";
import fastifyMetrics from "fastify-metrics";

/** Who measures the requests: nobody, the services' own way, or the library as it comes. */
export type Measurer = "nobody" | "services" | "library";

const HEALTH = new Health([], "bench");
const SETTINGS = {
  METRICS_ENABLED: true,
  DB_POOL_SIZE: 10,
  N1_QUERY_THRESHOLD: 50,
  N1_REPEAT_THRESHOLD: 20,
  SLOW_QUERY_MS: 200,
};

/** An app of the house with one route that only answers; it logs nothing. */
export async function openAnsweringApp(measurer: Measurer): Promise<ServiceApp> {
  const measuring =
    measurer === "services" ? new Observation(SETTINGS, () => {}).app() : { registry: undefined };
  const app = createServiceApp({
    service: "bench",
    logLevel: "silent",
    health: HEALTH,
    ...measuring,
  });
  if (measurer === "library") {
    const registry = createRegistry();
    app.register(fastifyMetrics.default, {
      defaultMetrics: { enabled: true, register: registry },
      routeMetrics: {
        overrides: { histogram: { registers: [registry] }, summary: { registers: [registry] } },
      },
    });
  }
  // In a scope of its own: what was registered above sees it.
  app.register(async (routes: ServiceApp) => {
    routes.get("/things/:id", async () => ({ isFine: true }));
  });
  await app.ready();
  return app;
}

/** Processor time of one request in microseconds, its injection included. */
export async function requestMicroseconds(app: ServiceApp, count: number): Promise<number> {
  const before = process.cpuUsage();
  for (let n = 0; n < count; n += 1) {
    const { statusCode } = await app.inject(`/things/${n % 100}`);
    if (statusCode !== 200) throw new Error(`the route answered ${statusCode}`);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}
