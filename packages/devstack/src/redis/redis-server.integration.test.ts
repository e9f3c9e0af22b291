import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "redis";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTestServersConfig } from "../testing/config.ts";
import { obtainRedisServer } from "./debian-redis.ts";
import { findRedisServer, type RunningRedis, startRedis } from "./redis-server.ts";

describe("the Redis of this machine", () => {
  const { searchPath, redisCacheFolder } = readTestServersConfig();
  let dataDir: string;
  const running: RunningRedis[] = [];

  async function start(): Promise<RunningRedis> {
    const program = await obtainRedisServer({ searchPath, cacheFolder: redisCacheFolder });
    const redis = await startRedis({ program, dataDir, isDurable: true });
    running.push(redis);
    return redis;
  }

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "orrery redis-"));
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((redis) => redis.stop()));
    await rm(dataDir, { recursive: true, force: true });
  });

  it("keeps its data from start to start, in a folder with a space in its path", async () => {
    const first = await start();
    const writer = await createClient({ url: first.url }).connect();
    await writer.set("key", "value");
    await writer.close();
    await first.stop();
    const second = await start();
    const reader = await createClient({ url: second.url }).connect();
    expect(await reader.get("key")).toBe("value");
    await reader.close();
  });

  it("is not found where there is none", async () => {
    expect(await findRedisServer(dataDir, join(dataDir, "cache"))).toBeUndefined();
  });
});
