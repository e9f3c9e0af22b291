import { connectRedis } from "@orrery/common/cache/redis-connection";
import { openRedisDoor } from "@orrery/common/testing/redis-door";
import { createTestRedis, type TestRedis } from "@orrery/common/testing/test-database";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { LeasedQuotas } from "./leased-quotas.ts";
import { describeQuotaStore } from "./quota-store.contract.ts";
import { RedisQuotaStore } from "./quota-store.redis.ts";

/** Far above what a busy machine takes: no answer of a Redis that is there counts as late. */
const PATIENT_MS = 10_000;
const QUOTA = { max: 5, windowMs: 600_000 };
const steadyClock = () => performance.now();

let redis: TestRedis;
beforeAll(async () => {
  redis = await createTestRedis();
});
afterAll(() => redis.drop());

async function open(
  url: string,
  { timeoutMs = PATIENT_MS, clock = steadyClock } = {},
): Promise<RedisQuotaStore> {
  const store = new RedisQuotaStore({ url, clock, timeoutMs, onError: () => {} });
  await vi.waitUntil(() => store.isReachable(), { timeout: PATIENT_MS });
  return store;
}

describeQuotaStore("Redis", () => open(redis.url));

it("begins a window anew whose counter is there without an end, as it is in its last millisecond", async () => {
  const store = await open(redis.url);
  const client = connectRedis({ url: redis.url, onError: () => {} });
  await vi.waitUntil(() => client.isReady, { timeout: PATIENT_MS });
  await client.set("limit:spent", "5");
  expect(await store.take("spent", 2, QUOTA)).toEqual({
    used: 2,
    granted: 2,
    resetMs: QUOTA.windowMs,
  });
  expect(await store.take("spent", 9, QUOTA)).toMatchObject({ used: 5, granted: 3 });
  client.destroy();
  await store.close();
});

describe("quotas in a Redis that fails", () => {
  it("are counted on by an instance alone while it hangs, from what it knows", async () => {
    const door = await openRedisDoor(redis.url);
    // The breaker's clock stands still, so that its rest does not end.
    const store = await open(door.url, { timeoutMs: 2_000, clock: () => 0 });
    const quotas = new LeasedQuotas({ shared: store, clock: steadyClock });
    const other = await open(redis.url);
    await other.take("hung", 3, QUOTA);
    expect(await quotas.take("hung", 1, QUOTA)).toMatchObject({ isTaken: true, remaining: 1 });
    door.hang();
    const counted = [];
    // Without a bound the first of these would wait for ever.
    for (let call = 0; call < 3; call += 1) counted.push(await quotas.take("hung", 1, QUOTA));
    expect(counted.map(({ isTaken }) => isTaken)).toEqual([true, false, false]);
    await Promise.all([store.close(), other.close()]);
    await door.close();
  });

  it("are shared again when it is back, and begin anew when it lost them", async () => {
    const door = await openRedisDoor(redis.url);
    const store = await open(door.url);
    const other = await open(redis.url);
    expect(await store.take("gone", 1, QUOTA)).toMatchObject({ used: 1 });
    await door.close();
    await vi.waitUntil(async () => (await store.take("gone", 1, QUOTA)) === undefined);
    expect(await other.take("gone", 1, QUOTA)).toMatchObject({ used: 2 });
    await door.reopen();
    await expect.poll(async () => (await store.take("gone", 0, QUOTA))?.used).toBe(2);
    // As a restart without a file does.
    await redis.drop();
    expect(await store.take("gone", 1, QUOTA)).toMatchObject({ used: 1, granted: 1 });
    await Promise.all([store.close(), other.close()]);
    await door.close();
  });
});
