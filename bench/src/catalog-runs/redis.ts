import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { obtainRedisServer } from "@orrery/devstack/redis/debian-redis";
import { REDIS_CACHE_FOLDER } from "@orrery/devstack/redis/redis-cache";
import { startRedis } from "@orrery/devstack/redis/redis-server";
import type { BenchContext } from "../harness/bench.ts";

/** A real Redis of the bench's own, which keeps nothing. */
export interface BenchRedis {
  readonly url: string;
  stop(): Promise<void>;
  /** On the same port again, empty. */
  start(): Promise<void>;
}

export async function startBenchRedis({
  cleanup,
  say,
}: Pick<BenchContext, "cleanup" | "say">): Promise<BenchRedis> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const program = await obtainRedisServer({
    searchPath: process.env.PATH ?? "",
    cacheFolder: REDIS_CACHE_FOLDER,
    onProgress: say,
  });
  const options = { program, dataDir: folder, isDurable: false };
  let redis = await startRedis(options);
  const killAtExit = () => redis.child.kill("SIGKILL");
  process.once("exit", killAtExit);
  cleanup.defer(async () => {
    await redis.stop();
    process.off("exit", killAtExit);
  });
  const { url, port } = redis;
  say("redis is ready");
  return {
    url,
    stop: () => redis.stop(),
    start: async () => {
      redis = await startRedis({ ...options, port });
    },
  };
}
