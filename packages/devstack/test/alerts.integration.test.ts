import type { HealthCheck } from "@orrery/common/contracts/health";
import { Health } from "@orrery/common/http/health";
import { sorobanRpcCheck } from "@orrery/common/http/health-checks";
import { createServiceApp, type ServiceApp } from "@orrery/common/http/service-app";
import { Observation } from "@orrery/common/observability/observation";
import { type Database, openDatabase } from "@orrery/common/repositories/database";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { firingAlerts } from "./alert-scene.ts";

const POOL_SIZE = 2;
const SLOW_QUERY_MS = 40;

let testDatabase: TestDatabase;
let close: (() => Promise<void>)[] = [];

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  for (const end of close.toReversed()) await end();
  close = [];
});
afterAll(() => testDatabase.drop());

interface Service {
  readonly app: ServiceApp;
  readonly database: Database;
  readonly observation: Observation;
  readonly ask: (path: string) => Promise<number>;
  readonly scrape: () => Promise<string>;
}

/** A small service of the house on a real database, measured as the three are. */
function startService(checks: readonly HealthCheck[] = []): Service {
  const config = {
    METRICS_ENABLED: true,
    DB_POOL_SIZE: POOL_SIZE,
    N1_QUERY_THRESHOLD: 50,
    N1_REPEAT_THRESHOLD: 20,
    SLOW_QUERY_MS,
  };
  const observation = new Observation(config, () => {});
  const { url } = testDatabase;
  const observer = observation.requestPool();
  const database = openDatabase({ url, poolSize: POOL_SIZE, applicationName: "alerts", observer });
  const health = new Health(checks, "1");
  const app = createServiceApp({
    service: "test",
    logLevel: "silent",
    health,
    ...observation.app(),
  });
  app.register(async (routes: ServiceApp) => {
    routes.get("/one", async () => {
      await database.pool.query("select 1");
    });
    routes.get("/row-by-row", async () => {
      for (let n = 0; n < 30; n += 1) await database.pool.query("select $1::int", [n]);
    });
    routes.get("/slow", async () => {
      await database.pool.query("select pg_sleep($1)", [(2 * SLOW_QUERY_MS) / 1_000]);
    });
  });
  observation.start();
  close.push(
    () => database.close(),
    () => app.close(),
    async () => observation.stop(),
  );
  const ask = async (path: string) => (await app.inject(path)).statusCode;
  const scrape = async () => (await app.inject("/metrics")).body;
  return { app, database, observation, ask, scrape };
}

describe("the alerts on what a service really shows", () => {
  it("are silent when it is idle, and under a steady load", async () => {
    const { ask, scrape } = startService();
    expect(await firingAlerts(await scrape())).toEqual([]);
    for (let n = 0; n < 20; n += 1) expect(await ask("/one")).toBe(200);
    expect(await firingAlerts(await scrape())).toEqual([]);
  });

  it("tell of a pool that is used up, and of nothing else", async () => {
    const { database, scrape } = startService();
    const clients = [await database.pool.connect(), await database.pool.connect()];
    const exposition = await scrape();
    for (const client of clients) client.release();
    expect(await firingAlerts(exposition)).toEqual([
      "PoolExhaustionImminent",
      "PoolSaturationHigh",
    ]);
  });

  it("tell of a route that asks row by row", async () => {
    const { ask, scrape } = startService();
    await ask("/one");
    await ask("/row-by-row");
    expect(await firingAlerts(await scrape())).toEqual(["N1QuerySpike"]);
  });

  it("tell of a statement that is slow again and again", async () => {
    const { ask, scrape } = startService();
    await ask("/slow");
    expect(await firingAlerts(await scrape())).toEqual(["SlowQuerySustained"]);
  });

  it("tell of a sampler that stopped, once there are requests", async () => {
    const observation = new Observation(
      {
        METRICS_ENABLED: true,
        DB_POOL_SIZE: POOL_SIZE,
        N1_QUERY_THRESHOLD: 50,
        N1_REPEAT_THRESHOLD: 20,
        SLOW_QUERY_MS,
      },
      () => {},
    );
    const health = new Health([], "1");
    const options = { service: "test", logLevel: "silent", health, ...observation.app() };
    const app = createServiceApp(options);
    close.push(() => app.close());
    const scrape = async () => (await app.inject("/metrics")).body;
    expect(await firingAlerts(await scrape())).toEqual([]);
    await app.inject("/health");
    expect(await firingAlerts(await scrape())).toEqual(["PoolStatsExporterStuck"]);
  });

  it("tell of a chain that cannot be reached", async () => {
    const { scrape } = startService([sorobanRpcCheck("http://127.0.0.1:1", 20_000)]);
    expect(await firingAlerts(await scrape())).toEqual(["HealthDown"]);
  });

  it("tell of a database that cannot be reached", async () => {
    const { observation, scrape } = startService();
    const database = openDatabase({
      url: "postgres://nobody@127.0.0.1:1/none",
      poolSize: 1,
      applicationName: "alerts",
      observer: observation.backgroundPool("gone"),
    });
    close.push(() => database.close());
    await expect(database.pool.query("select 1")).rejects.toThrow("ECONNREFUSED");
    expect(await firingAlerts(await scrape())).toEqual(["DatabaseConnectionFailures"]);
  });
});
