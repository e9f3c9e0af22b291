import pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Health } from "../http/health.ts";
import { useTestDatabase } from "../testing/contract-database.ts";
import { databaseCheck } from "./database-check.ts";

const test = useTestDatabase();

describe("databaseCheck", () => {
  let pool: pg.Pool;
  /** By default with far more patience than a busy machine needs, and by a clock that stands still. */
  const report = async (timeoutMs = 20_000) =>
    (await new Health([databaseCheck(pool, timeoutMs)], "1", () => 0).report()).checks["database"];

  beforeEach(() => {
    pool = new pg.Pool({ connectionString: test.url(), max: 1 });
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
  });
  afterEach(() => pool.end());

  it("is ok when the database answers, and gives its connection back", async () => {
    expect(await report()).toBe("ok");
    expect(pool.idleCount).toBe(1);
  });

  it("is down while no connection is free, and takes none away when one is", async () => {
    const busy = await pool.connect();
    expect(await report(30)).toBe("down");
    busy.release();
    await expect
      .poll(() => [pool.totalCount, pool.idleCount, pool.waitingCount])
      .toEqual([1, 1, 0]);
    expect(await report()).toBe("ok");
  });

  it("is down when the query does not end in time, and closes its connection", async () => {
    const other = await test.database().pool.connect();
    await other.query("select pg_advisory_lock(1)");
    const client = await pool.connect();
    // The check's own query waits behind this one, on the same connection.
    const slow = client.query("select pg_advisory_lock(1)").catch(() => undefined);
    client.release();
    expect(await report(30)).toBe("down");
    await other.query("select pg_advisory_unlock(1)");
    other.release();
    await slow;
    await expect.poll(() => pool.totalCount).toBe(0);
  });

  it("is down when there is no database", async () => {
    await pool.end();
    pool = new pg.Pool({ connectionString: "postgres://nobody@127.0.0.1:1/none" });
    expect(await report()).toBe("down");
  });
});
