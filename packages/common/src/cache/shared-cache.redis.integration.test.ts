import { vi } from "vitest";
import { openRedisDoor } from "../testing/redis-door.ts";
import { createTestRedis } from "../testing/test-database.ts";
import { describeSharedCache } from "./shared-cache.contract.ts";
import { RedisValueStore } from "./value-store.redis.ts";

const clock = () => performance.now();
/** Far above what a busy machine takes; only the Redis that hangs makes a test wait for it. */
const TIMEOUT_MS = 1_000;

async function throughDoor() {
  const redis = await createTestRedis();
  const door = await openRedisDoor(redis.url);
  const stores: RedisValueStore[] = [];
  const open = async () => {
    const store = new RedisValueStore({
      url: door.url,
      clock,
      timeoutMs: TIMEOUT_MS,
      onError: () => {},
    });
    await vi.waitUntil(() => store.isReachable(), { timeout: 10_000 });
    stores.push(store);
    return store;
  };
  const allReachable = async () => {
    for (const store of stores) {
      await vi.waitUntil(() => store.isReachable(), { timeout: 10_000 });
    }
  };
  const close = async () => {
    await door.close();
    await redis.drop();
  };
  return { door, open, allReachable, close };
}

describeSharedCache("a Redis that hangs", async () => {
  const { door, open, allReachable, close } = await throughDoor();
  const recover = async () => {
    door.release();
    await allReachable();
  };
  return { open, fail: () => door.hang(), recover, close };
});

describeSharedCache("a Redis that goes and comes back", async () => {
  const { door, open, allReachable, close } = await throughDoor();
  const recover = async () => {
    await door.reopen();
    await allReachable();
  };
  return { open, fail: () => void door.close(), recover, close };
});
