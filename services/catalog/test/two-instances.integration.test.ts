import { setImmediate } from "node:timers/promises";
import {
  createTestDatabase,
  createTestRedis,
  type TestDatabase,
  type TestRedis,
} from "@orrery/common/testing/test-database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CatalogClient } from "./catalog-client.ts";

/** A read that is asked so long after a write shows it, wherever it is asked. */
const BOUND_MS = 1_000;

describe.each(["with Redis", "without Redis"])("two instances %s", (mode) => {
  let database: TestDatabase;
  let redis: TestRedis | undefined;
  let first: CatalogClient;
  let second: CatalogClient;

  beforeAll(async () => {
    database = await createTestDatabase();
    redis = mode === "with Redis" ? await createTestRedis() : undefined;
    const env = {
      DATABASE_URL: database.url,
      DB_POOL_SIZE: "4",
      ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    };
    first = await CatalogClient.start(env);
    second = await CatalogClient.start(env);
  });
  afterAll(async () => {
    await first.close();
    await second.close();
    await redis?.drop();
    await database.drop();
  });

  const burned = async (instance: CatalogClient, scope = "platform") => {
    const { body } = await instance.get(`/leaderboard/most-burned?scope=${scope}`);
    return Number(body.data.find(({ token }) => token.address === "HOT")?.metric ?? 0);
  };

  it("show a write at once where it was taken, and within a second on the other", async () => {
    await first.createToken("HOT");
    for (let count = 1; count <= 5; count += 1) {
      const [writer, other] = count % 2 === 0 ? [second, first] : [first, second];
      await other.get("/leaderboard/most-burned");
      await other.get("/tokens/search?q=nova");
      await other.get("/stats");
      const burn = await writer.burn("HOT", { txHash: `tx-${count}`, amount: "1" });
      expect(burn.status).toBe(201);
      await writer.createPool(`pool-${count}`);
      const writtenAtMs = performance.now();
      expect(await burned(writer)).toBe(count);
      expect((await writer.get("/tokens/search?q=nova")).body.data).toMatchObject([
        { burnCount: count },
      ]);
      expect((await writer.get("/stats")).body).toMatchObject({ totalPools: count });
      const stale: string[] = [];
      for (const [what, read] of [
        ["burns", () => burned(other)],
        ["pools", async () => Number((await other.get("/stats")).body["totalPools"])],
      ] as const) {
        const seen = async () => {
          const ageMs = performance.now() - writtenAtMs;
          const shown = await read();
          if (shown !== count && ageMs >= BOUND_MS) stale.push(`${what} after ${ageMs} ms`);
          return shown;
        };
        await expect.poll(seen).toBe(count);
      }
      expect(stale).toEqual([]);
    }
  });

  it("never show a reader less than was true a second before he asked", async () => {
    const acknowledged: { count: number; atMs: number }[] = [];
    const start = await burned(first);
    const writing = (async () => {
      for (let count = start + 1; count <= start + 80; count += 1) {
        const writer = count % 2 === 0 ? first : second;
        const { status } = await writer.burn("HOT", { txHash: `run-${count}`, amount: "1" });
        expect(status).toBe(201);
        acknowledged.push({ count, atMs: performance.now() });
        expect(await burned(writer)).toBeGreaterThanOrEqual(count);
      }
      return "done";
    })();
    const state = { isDone: false };
    void writing.finally(() => {
      state.isDone = true;
    });
    const reading = [first, second].map(async (instance) => {
      let reads = 0;
      while (!state.isDone) {
        const askedAtMs = performance.now();
        const seen = await burned(instance);
        const due = acknowledged.findLast(({ atMs }) => atMs <= askedAtMs - BOUND_MS)?.count ?? 0;
        expect(seen).toBeGreaterThanOrEqual(due);
        reads += 1;
        // A read from the cache does no I/O: without a turn of the loop nothing else would run.
        await setImmediate();
      }
      return reads;
    });
    expect(await writing).toBe("done");
    for (const reads of await Promise.all(reading)) expect(reads).toBeGreaterThan(10);
  });

  it("serve a second read from the cache, and share it between them when there is Redis", async () => {
    let limit = 10;
    // Until both have heard of the writes before, neither trusts what the other has stored.
    const readBoth = async () => {
      limit += 1;
      const path = `/leaderboard/newest?limit=${limit}`;
      const answers = [await first.get(path), await first.get(path), await second.get(path)];
      expect(answers[2]?.body.data).toEqual(answers[0]?.body.data);
      return answers.map(({ headers }) => headers["x-cache"]);
    };
    const others = redis === undefined ? "miss" : "hit";
    await expect.poll(readBoth, { timeout: 3_000 }).toEqual(["miss", "hit", others]);
  });

  it("keep a tenant's board to the tenant", async () => {
    expect(await burned(first, "tenant")).toBeGreaterThan(0);
    const rival = { tenantId: "rival" };
    const { body } = await second.get("/leaderboard/most-burned?scope=tenant", rival);
    expect(body.data).toEqual([]);
  });

  it("answer ready, and healthy with the database", async () => {
    const { app } = first.catalog;
    expect((await app.inject("/readyz")).statusCode).toBe(200);
    const { checks } = (await app.inject("/health")).json<{ checks: Record<string, string> }>();
    expect(checks.database).toBe("ok");
    expect(checks.redis).toBe(redis === undefined ? undefined : "ok");
  });
});
