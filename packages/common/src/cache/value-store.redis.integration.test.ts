import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openRedisDoor } from "../testing/redis-door.ts";
import { createTestRedis, type TestRedis } from "../testing/test-database.ts";
import { describeValueStore } from "./value-store.contract.ts";
import { RedisValueStore } from "./value-store.redis.ts";

const clock = () => performance.now();
const value = { generation: 1n, body: Buffer.from("x"), ttlMs: 5_000, graceMs: 0 };

let redis: TestRedis;
beforeAll(async () => {
  redis = await createTestRedis();
});
afterAll(() => redis.drop());

async function open(url: string): Promise<RedisValueStore> {
  const store = new RedisValueStore({ url, clock, onError: () => {} });
  await vi.waitUntil(() => store.isReachable());
  return store;
}

describeValueStore("Redis", () => open(redis.url));

describe("a value store whose Redis fails", () => {
  it("has no values within a bounded time while Redis hangs", async () => {
    const door = await openRedisDoor(redis.url);
    const store = await open(door.url);
    await store.store("slow", value);
    door.hang();
    const startedMs = clock();
    expect(await store.find("slow")).toBeUndefined();
    expect(clock() - startedMs).toBeLessThan(1_000);
    // Left alone after a few failures: no call waits any more.
    for (let call = 0; call < 4; call += 1) await store.find("slow");
    const restedMs = clock();
    expect(await store.find("slow")).toBeUndefined();
    expect(clock() - restedMs).toBeLessThan(50);
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
    await expect.poll(() => store.find("gone"), { timeout: 10_000 }).toBeDefined();
    await store.close();
    await door.close();
  });
});
