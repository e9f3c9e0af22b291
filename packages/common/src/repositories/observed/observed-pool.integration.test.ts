import { once } from "node:events";
import { sql } from "kysely";
import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DriverMetrics } from "../../observability/database/driver-metrics.ts";
import { QueryTally, tallying } from "../../observability/database/query-tally.ts";
import { createRegistry, type MetricsRegistry } from "../../observability/metrics.ts";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { type Database, openDatabase, withTenant, withTenantClient } from "../database.ts";
import { ObservedPool } from "./observed-pool.ts";

const test = useTestDatabase();
const SLOW_MS = 100;

describe("an observed pool", () => {
  let registry: MetricsRegistry;
  let metrics: DriverMetrics;
  let database: Database;
  let slow: string[];

  beforeEach(() => {
    registry = createRegistry();
    slow = [];
    metrics = new DriverMetrics({
      registry,
      poolSize: 2,
      slowQueryMs: SLOW_MS,
      onSlow: ({ text }) => slow.push(text),
    });
    const observer = metrics.requests();
    database = openDatabase({
      url: test.url(),
      poolSize: 2,
      applicationName: "observed",
      observer,
    });
  });
  afterEach(() => database.close());

  /** The value of a series, as it is scraped. */
  async function valueOf(series: string): Promise<number | undefined> {
    const lines = (await registry.metrics()).split("\n");
    const line = lines.find((each) => each.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.slice(series.length + 1));
  }

  const tallied = async (work: () => Promise<unknown>) => {
    const tally = new QueryTally();
    await tallying(tally, work);
    return tally;
  };

  it("shows the truth of the pool at every scrape: in use, idle, waiting, saturated", async () => {
    const first = await database.pool.connect();
    const second = await database.pool.connect();
    expect(await valueOf("db_connections_active")).toBe(2);
    expect(await valueOf("db_pool_saturation")).toBe(1);
    const third = database.pool.connect();
    expect(await valueOf("db_connections_waiting")).toBe(1);
    expect(await valueOf('db_connections{state="waiting"}')).toBe(1);
    first.release();
    (await third).release();
    expect(await valueOf("db_connections_waiting")).toBe(0);
    expect(await valueOf("db_connections_idle")).toBe(1);
    expect(await valueOf("db_pool_saturation")).toBe(0.5);
    second.release();
    expect(await valueOf("db_pool_saturation")).toBe(0);
    expect(await valueOf("db_pool_acquire_seconds_count")).toBe(3);
  });

  it("keeps background pools apart, and forgets a pool that is closed", async () => {
    const observer = metrics.background("engine");
    const url = test.url();
    const engine = openDatabase({ url, poolSize: 1, applicationName: "engine", observer });
    const inUse = 'db_background_connections{pool="engine",state="in_use"}';
    expect(await valueOf(inUse)).toBe(0);
    const client = await engine.pool.connect();
    expect(await valueOf(inUse)).toBe(1);
    expect(await valueOf("db_pool_saturation")).toBe(0);
    client.release();
    await engine.close();
    expect(await valueOf('db_background_connections{pool="engine",state="idle"}')).toBe(0);
  });

  it("counts callers that got no connection in time, and connections that break", async () => {
    const connectionString = test.url();
    const settings = { connectionString, max: 1, connectionTimeoutMillis: 30 };
    const pool = new ObservedPool(settings, metrics.requests());
    let held: pg.PoolClient | undefined;
    // A new connection may take longer than that on a busy machine: it is not what is tested.
    const hold = async () => {
      held ??= await pool.connect().catch(() => undefined);
      return held !== undefined;
    };
    await expect.poll(hold).toBe(true);
    await expect(pool.connect()).rejects.toThrow("timeout");
    expect(await valueOf('db_connection_errors_total{reason="acquire_timeout"}')).toBe(1);
    held?.release();
    await pool.end();
    const killer =
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1";
    const victim = await database.pool.connect();
    victim.on("error", () => {});
    await test.database().pool.query(killer, ["observed"]);
    await expect.poll(() => valueOf('db_connection_errors_total{reason="broken"}')).toBe(1);
    victim.release(true);
  });

  it("says why nobody could be connected", async () => {
    const wrong = new URL(test.url());
    wrong.password = "wrong";
    wrong.username = "nobody";
    const settings = { connectionString: wrong.href, max: 1 };
    const pool = new ObservedPool(settings, metrics.background("wrong"));
    await expect(pool.query("select 1")).rejects.toThrow("nobody");
    expect(await valueOf('db_connection_errors_total{reason="login"}')).toBe(1);
    await pool.end();
    const closed = { connectionString: "postgres://nobody@127.0.0.1:1/none", max: 1 };
    const nowhere = new ObservedPool(closed, metrics.background("nowhere"));
    await expect(nowhere.connect()).rejects.toThrow("ECONNREFUSED");
    expect(await valueOf('db_connection_errors_total{reason="refused"}')).toBe(1);
    await nowhere.end();
  });

  it("counts the statements of a request, whichever way they are sent", async () => {
    const { kysely, pool } = database;
    const tally = await tallied(async () => {
      await withTenant(kysely, "acme", async (transaction) => {
        await transaction.selectFrom("vaults").selectAll().execute();
        await sql`select count(*) from vaults`.execute(transaction);
      });
      await withTenantClient(pool, ["acme"], (client) => client.query("select 1"));
      await pool.query({ name: "named", text: "select $1::int", values: [1] });
      await new Promise<void>((resolve) => {
        pool.query("select 2", () => resolve());
      });
    });
    expect(tally.count).toBe(5);
    expect((await tallied(async () => {})).count).toBe(0);
  });

  it("counts a stream once and calls it slow never: its reader may take long", async () => {
    const client = await database.pool.connect();
    const tally = await tallied(async () => {
      const nap = new pg.Query(`select pg_sleep(${(SLOW_MS + 30) / 1_000})`);
      await once(client.query(nap), "end");
    });
    client.release();
    expect(tally.count).toBe(1);
    expect(slow).toEqual([]);
  });

  it("keeps the requests of one connection after another apart", async () => {
    const { kysely } = database;
    const ask = (times: number) =>
      tallied(() =>
        withTenant(kysely, "acme", async (transaction) => {
          for (let n = 0; n < times; n += 1) await sql`select ${n}::int`.execute(transaction);
        }),
      );
    const tallies = await Promise.all([3, 25, 1, 7].map(ask));
    expect(tallies.map(({ count }) => count)).toEqual([3, 25, 1, 7]);
    expect(tallies[1]?.mostRepeated).toMatchObject([{ text: "select ?::int" }, 25]);
  });

  it("counts slow statements by what they do to what, once in the log", async () => {
    const { pool } = database;
    const nap = "select pg_sleep($1), count(*) from vaults";
    await pool.query(nap, [(SLOW_MS + 30) / 1_000]);
    await pool.query(nap, [(SLOW_MS + 30) / 1_000]);
    expect(await valueOf('db_slow_queries_total{operation="select",table="vaults"}')).toBe(2);
    expect(slow).toEqual(["select pg_sleep(?), count(*) from vaults"]);
  });

  it("tells how transactions end, and a statement alone is one", async () => {
    const { kysely, pool } = database;
    const ended = async (outcome: string) => valueOf(`db_transactions_total{outcome="${outcome}"}`);
    await withTenant(kysely, "acme", (transaction) => sql`select 1`.execute(transaction));
    await pool.query("select 1");
    expect([await ended("committed"), await ended("rolled_back")]).toEqual([2, 0]);
    await expect(pool.query("select 1/0")).rejects.toThrow("division");
    await expect(
      withTenant(kysely, "acme", (transaction) => sql`select 1/0`.execute(transaction)),
    ).rejects.toThrow("division");
    expect([await ended("committed"), await ended("rolled_back")]).toEqual([2, 2]);
    const client = await pool.connect();
    await client.query("begin");
    await client.query("select 1/0").catch(() => {});
    // Postgres answers this with ROLLBACK.
    await client.query("commit");
    client.release();
    expect([await ended("committed"), await ended("rolled_back")]).toEqual([2, 3]);
  });
});
