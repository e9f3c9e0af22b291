import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CallCatalog,
  makeCatalogNumbers,
} from "@orrery/common/testing/stale-reads/catalog-numbers";
import { watchReads } from "@orrery/common/testing/stale-reads/watch-reads";
import { createTestDatabase, type TestDatabase } from "@orrery/common/testing/test-database";
import { obtainRedisServer } from "@orrery/devstack/redis/debian-redis";
import {
  type RedisOptions,
  type RunningRedis,
  startRedis,
} from "@orrery/devstack/redis/redis-server";
import { readTestServersConfig } from "@orrery/devstack/testing/config";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { CatalogClient } from "./catalog-client.ts";

const BOUND_MS = 1_000;
/** Enough for the news, the looks and the bypass to have their turn, in each phase. */
const WRITES_A_PHASE = 50;
const WAIT = { timeout: 50_000, interval: 10 };

/** `npm run bench -- staleness` is the same for a minute, with processes of their own. */
describe("two instances whose Redis is restarted", () => {
  let database: TestDatabase;
  let folder: string;
  let redisOptions: RedisOptions;
  let redis: RunningRedis;
  let instances: CatalogClient[];

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), "orrery-stale-"));
    const { searchPath, redisCacheFolder: cacheFolder } = readTestServersConfig();
    const program = await obtainRedisServer({ searchPath, cacheFolder });
    redisOptions = { program, dataDir: folder, isDurable: false };
    redis = await startRedis(redisOptions);
    const env = { DATABASE_URL: database.url, DB_POOL_SIZE: "4", REDIS_URL: redis.url };
    instances = [await CatalogClient.start(env), await CatalogClient.start(env)];
  });
  afterAll(async () => {
    for (const instance of instances) await instance.close();
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
    await database.drop();
  });

  const call: CallCatalog = async (instance, method, path, body) => {
    const client = instances[instance];
    if (client === undefined) throw new Error(`there is no instance ${instance}`);
    const response = await client.catalog.app.inject({
      method,
      url: path,
      headers: client.contextHeaders(),
      ...(body === undefined ? {} : { payload: body }),
    });
    const cache = String(response.headers["x-cache"]);
    return { status: response.statusCode, text: response.body, cache };
  };

  it("show every write at once where it was taken, and on the other within a second", async () => {
    let writes = 0;
    const phase = async () => {
      const enough = writes + WRITES_A_PHASE;
      await vi.waitUntil(() => writes >= enough || ending.signal.aborted, WAIT);
    };
    const ending = new AbortController();
    const watching = watchReads({
      numbers: await makeCatalogNumbers(call),
      instances: ["first", "second"],
      boundMs: BOUND_MS,
      signal: ending.signal,
      onWrite: () => {
        writes += 1;
      },
    }).finally(() => ending.abort());
    try {
      await phase();
      await redis.stop();
      await phase();
      redis = await startRedis({ ...redisOptions, port: redis.port });
      await phase();
    } finally {
      ending.abort();
    }
    const { faults, reads, readsByCache } = await watching;
    expect(faults).toEqual([]);
    expect(reads).toBeGreaterThan(3 * WRITES_A_PHASE);
    expect(readsByCache.hit).toBeGreaterThan(100);
  });
});
