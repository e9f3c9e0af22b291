import { describe, expect, it, vi } from "vitest";
import { Health } from "../http/health.ts";
import type { ServiceApp } from "../http/service-app.ts";
import { createServiceApp } from "../http/service-app.ts";
import { DriverMetrics } from "./database/driver-metrics.ts";
import { PoolSampler } from "./database/pool-sampler.ts";
import { currentTally } from "./database/query-tally.ts";
import { shapeOf } from "./database/statement-shape.ts";
import { createRegistry } from "./metrics.ts";
import { listenForMetrics } from "./metrics-listener.ts";
import { Observation, type ObservationConfig } from "./observation.ts";

const CONFIG: ObservationConfig = {
  METRICS_ENABLED: true,
  DB_POOL_SIZE: 4,
  N1_QUERY_THRESHOLD: 50,
  N1_REPEAT_THRESHOLD: 20,
  SLOW_QUERY_MS: 200,
};
const VAULT = shapeOf("select * from vaults where id = 'hunter22'");
const TOKEN = shapeOf("select * from tokens where id = $1");

function appOf(observation: Observation, lines: string[] = []): ServiceApp {
  const health = new Health([], "1");
  const app = createServiceApp({
    service: "test",
    logLevel: "info",
    health,
    ...observation.app(),
    logStream: { write: (line) => lines.push(line) },
  });
  app.register(async (routes: ServiceApp) => {
    routes.route<{ Body: { vaults: number; tokens: number } }>({
      method: "POST",
      url: "/things/:id",
      handler: async (request) => {
        await Promise.resolve();
        for (let n = 0; n < request.body.vaults; n += 1) currentTally()?.add(VAULT);
        for (let n = 0; n < request.body.tokens; n += 1) currentTally()?.add(TOKEN);
        return {};
      },
    });
  });
  return app;
}

describe("an observation", () => {
  it("shows every gauge of the database at 0 from the start", async () => {
    const observation = new Observation(CONFIG, () => {});
    const text = await observation.registry.metrics();
    for (const name of [
      "db_connections_active",
      "db_connections_idle",
      "db_connections_waiting",
      "db_pool_saturation",
      'db_connections{state="in_use"}',
      'db_connections{state="idle"}',
      'db_connections{state="waiting"}',
      "db_pool_stats_last_sample_timestamp_seconds",
      'db_transactions_total{outcome="committed"}',
      'db_connection_errors_total{reason="acquire_timeout"}',
      "db_pool_acquire_seconds_count",
    ]) {
      expect(text.split("\n"), name).toContain(`${name} 0`);
    }
  });

  it("refuses a name that is owned already", () => {
    const observation = new Observation(CONFIG, () => {});
    const options = {
      registry: observation.registry,
      poolSize: 1,
      slowQueryMs: 1,
      onSlow: () => {},
    };
    expect(() => new DriverMetrics(options)).toThrow("already been registered");
    const app = appOf(observation);
    expect(() => appOf(observation)).toThrow("already been registered");
    return app.close();
  });

  it("counts requests' statements by route, and logs what is suspicious without its values", async () => {
    const lines: string[] = [];
    const app = appOf(new Observation(CONFIG, () => {}), lines);
    const post = (vaults: number, tokens = 0) =>
      app.inject({ method: "POST", url: "/things/7", payload: { vaults, tokens } });
    await post(20, 20);
    await post(21);
    await post(20, 31);
    const { body } = await app.inject("/metrics");
    const labels = 'method="POST",route="/things/:id"';
    expect(body).toContain(`db_request_query_count_bucket{le="20",${labels}} 0`);
    expect(body).toContain(`db_request_query_count_bucket{le="50",${labels}} 2`);
    expect(body).toContain(`db_request_query_count_sum{${labels}} ${40 + 21 + 51}`);
    expect(body).toContain(`db_n1_suspicions_total{${labels}} 2`);
    const warnings = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === "warn");
    expect(warnings).toMatchObject([
      { route: "/things/:id", queries: 21, repeats: 21, statement: VAULT.text },
      { route: "/things/:id", queries: 51, repeats: 31, statement: TOKEN.text },
    ]);
    expect(warnings[0]?.requestId).toBeTypeOf("string");
    expect(lines.join("")).not.toContain("hunter22");
    await app.close();
  });

  it("has a route's counter of suspicions before its first request", async () => {
    const app = appOf(new Observation(CONFIG, () => {}));
    await app.ready();
    expect((await app.inject("/metrics")).body).toContain(
      'db_n1_suspicions_total{method="POST",route="/things/:id"} 0',
    );
    await app.close();
  });

  it("measures what no route answers as one route, never by its URL", async () => {
    const app = appOf(new Observation(CONFIG, () => {}));
    await app.inject("/secret-path");
    await app.inject("/another/path?token=hunter22");
    const { body } = await app.inject("/metrics");
    expect(body).toContain(
      'http_request_duration_seconds_count{method="GET",route="unknown",status_code="404"} 2',
    );
    expect(body).not.toContain("secret-path");
    expect(body).not.toContain("hunter22");
    await app.close();
  });

  it("serves nothing and counts nothing when it is switched off", async () => {
    const observation = new Observation(
      { ...CONFIG, METRICS_ENABLED: false, METRICS_PORT: 0 },
      () => {},
    );
    expect(observation.requestPool()).toBeUndefined();
    expect(observation.metricsPort).toBeUndefined();
    const app = appOf(observation);
    expect((await app.inject("/metrics")).statusCode).toBe(404);
    observation.start();
    observation.stop();
    await app.close();
  });

  it("serves /metrics on its own port alone when it has one", async () => {
    const observation = new Observation({ ...CONFIG, METRICS_PORT: 0 }, () => {});
    const app = appOf(observation);
    expect((await app.inject("/metrics")).statusCode).toBe(404);
    const address = { host: "127.0.0.1", port: observation.metricsPort ?? -1 };
    const listener = await listenForMetrics(observation.registry, address);
    const url = `http://127.0.0.1:${listener.port}`;
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toContain("db_pool_saturation 0");
    expect(text).toContain("process_cpu_seconds_total");
    expect((await fetch(`${url}/livez`)).status).toBe(404);
    await listener.close();
    await app.close();
  });
});

describe("the sampler of the pools", () => {
  it("reads at once and then at its interval, until it is stopped", async () => {
    const registry = createRegistry();
    const { pools } = new DriverMetrics({
      registry,
      poolSize: 4,
      slowQueryMs: 200,
      onSlow: () => {},
    });
    let nowMs = 1_000;
    const sampledAt = async () =>
      /^db_pool_stats_last_sample_timestamp_seconds (\d+)$/m.exec(await registry.metrics())?.[1];
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    try {
      const sampler = new PoolSampler(pools, () => nowMs);
      sampler.start();
      expect(await sampledAt()).toBe("1");
      nowMs = 2_000;
      vi.advanceTimersByTime(14_999);
      expect(await sampledAt()).toBe("1");
      vi.advanceTimersByTime(1);
      expect(await sampledAt()).toBe("2");
      sampler.stop();
      nowMs = 3_000;
      vi.advanceTimersByTime(60_000);
      expect(await sampledAt()).toBe("2");
    } finally {
      vi.useRealTimers();
    }
  });
});
