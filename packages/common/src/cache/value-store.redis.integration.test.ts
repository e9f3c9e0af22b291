import { createServer, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestRedis, type TestRedis } from "../testing/test-database.ts";
import { describeValueStore } from "./value-store.contract.ts";
import { RedisValueStore } from "./value-store.redis.ts";

const clock = () => performance.now();
const value = { generation: 1n, body: Buffer.from("x"), ttlMs: 5_000 };

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

/** A way to Redis that can be made to hang or to break. */
async function openDoor(target: string) {
  const { port, pathname } = new URL(target);
  const sockets = new Set<Socket>();
  const door = { isHanging: false };
  const { connect } = await import("node:net");
  const server: Server = createServer((inside) => {
    const outside = connect(Number(port), "127.0.0.1");
    for (const socket of [inside, outside]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        inside.destroy();
        outside.destroy();
      });
    }
    inside.on("data", (bytes) => door.isHanging || outside.write(bytes));
    outside.on("data", (bytes) => door.isHanging || inside.write(bytes));
  });
  const listen = (at: number) =>
    new Promise<number>((resolve) => {
      server.listen(at, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  const at = await listen(0);
  return { door, url: `redis://127.0.0.1:${at}${pathname}`, close, reopen: () => listen(at) };
}

describe("a value store whose Redis fails", () => {
  it("has no values within a bounded time while Redis hangs", async () => {
    const { door, url, close } = await openDoor(redis.url);
    const store = await open(url);
    await store.store("slow", value);
    door.isHanging = true;
    const startedMs = clock();
    expect(await store.find("slow")).toBeUndefined();
    expect(clock() - startedMs).toBeLessThan(1_000);
    // Left alone after a few failures: no call waits any more.
    for (let call = 0; call < 4; call += 1) await store.find("slow");
    const restedMs = clock();
    expect(await store.find("slow")).toBeUndefined();
    expect(clock() - restedMs).toBeLessThan(50);
    await store.close();
    await close();
  });

  it("has no values while Redis is gone, and has them again when it is back", async () => {
    const { url, close, reopen } = await openDoor(redis.url);
    const store = await open(url);
    await store.store("gone", value);
    await close();
    expect(await store.find("gone")).toBeUndefined();
    await reopen();
    await expect.poll(() => store.find("gone"), { timeout: 10_000 }).toBeDefined();
    await store.close();
    await close();
  });
});
