import { REDIS_CACHE_FOLDER } from "../redis/redis-cache.ts";

export interface TestServersConfig {
  /** False when the run was asked to do without servers (`test:unit`). */
  areServersWanted: boolean;
  searchPath: string;
  redisCacheFolder: string;
}

/** What the test servers read from the environment. */
export function readTestServersConfig(env: NodeJS.ProcessEnv = process.env): TestServersConfig {
  return {
    areServersWanted: env.ORRERY_TEST_SERVERS !== "none",
    searchPath: env.PATH ?? "",
    redisCacheFolder: REDIS_CACHE_FOLDER,
  };
}

/** The file that the task runner reads the counts of a run from. */
export function readCountsFile(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env.ORRERY_TEST_COUNTS;
}
