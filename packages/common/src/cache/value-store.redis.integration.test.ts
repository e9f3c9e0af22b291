import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openRedisDoor } from "../testing/redis-door.ts";
import { createTestRedis, type TestRedis } from "../testing/test-database.ts";
import { describeValueStore } from "./value-store.contract.ts";
import { RedisValueStore } from "./value-store.redis.ts";

/** Far above what a busy machine takes: no answer of a Redis that is there counts as late. */
const PATIENT_MS = 10_000;
const value = { generation: 1n, body: Buffer.from("x"), ttlMs: 60_000, graceMs: 0 };

let redis: TestRedis;
beforeAll(async () => {
  redis = await createTestRedis();
});
afterAll(() => redis.drop());

async function open(
  url: string,
  { timeoutMs = PATIENT_MS, clock = () => performance.now() } = {},
): Promise<RedisValueStore> {
  const store = new RedisValueStore({ url, clock, timeoutMs, onError: () => {} });
  await vi.waitUntil(() => store.isReachable(), { timeout: PATIENT_MS });
  return store;
}

describeValueStore("Redis", () => open(redis.url));

describe("a value store whose Redis fails", () => {
  it("has no values within a bounded time while Redis hangs", async () => {
    const door = await openRedisDoor(redis.url);
    // Its clock stands still, so that its rest does not end.
    const store = await open(door.url, { timeoutMs: 200, clock: () => 0 });
    await store.store("slow", value);
    door.hang();
    // Without its bound the first of these would wait for ever.
    for (let call = 0; call < 4; call += 1) expect(await store.find("slow")).toBeUndefined();
    // Left alone after a few failures: the next is answered before anything could arrive.
    const first = await Promise.race([
      store.find("slow").then(() => "the store"),
      setImmediate("the network"),
    ]);
    expect(first).toBe("the store");
    await store.close();
    await door.close();
  });

  it("has no values while Redis is gone, and has them again when it is back", async () => {
    const door = await openRedisDoor(redis.url);
    const store = await open(door.url);
    await store.store("gone", value);
    await door.close();
    expect(await store.find("gone")).toBeUndefined();
    await door.reopen();
    await expect.poll(() => store.find("gone")).toBeDefined();
    await store.close();
    await door.close();
  });
});
