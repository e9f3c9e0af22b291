import { givenDatabaseUrl } from "../config.ts";
import { startPostgres } from "../postgres/embedded-postgres.ts";
import { findFreePort } from "../process/free-port.ts";
import { REDIS_CACHE_FOLDER } from "../redis/redis-cache.ts";
import { findRedisServer, startRedis } from "../redis/redis-server.ts";
import type { Backends } from "./child-environment.ts";
import { openOutput } from "./node-process.ts";
import type { StackContext } from "./stack-context.ts";

/** The user's database and Redis, or the embedded Postgres and the Redis of this machine, if any. */
export async function startBackends(context: StackContext): Promise<Backends> {
  const [databaseUrl, redisUrl] = await Promise.all([findDatabase(context), findRedis(context)]);
  const isEmbedded = givenDatabaseUrl(context.config) === undefined;
  return { databaseUrl, isEmbedded, ...(redisUrl === undefined ? {} : { redisUrl }) };
}

function findDatabase(context: StackContext): Promise<string> {
  const { config, progress, dataDir, secrets, processes } = context;
  const given = givenDatabaseUrl(config);
  if (given !== undefined) {
    progress.say("postgres     the one of the environment");
    return Promise.resolve(given);
  }
  return progress.step("postgres", "ready", async () => {
    const port = await findFreePort();
    const output = openOutput("postgres", dataDir.logs, progress.say, { isPlainShown: false });
    let url = "";
    await processes.start({
      name: "postgres",
      part: "postgres",
      output,
      launch: async ({ onSpawned }) => {
        const postgres = await startPostgres({
          dataDir: dataDir.postgres,
          password: secrets.postgresPassword,
          port,
          isDurable: true,
          onOutput: output.write,
          onSpawned,
        });
        url = postgres.url();
        return postgres.child;
      },
    });
    return url;
  });
}

async function findRedis(context: StackContext): Promise<string | undefined> {
  const { config, env, progress, dataDir, processes } = context;
  if (config.REDIS_URL !== undefined) {
    progress.say("redis        the one of REDIS_URL");
    return config.REDIS_URL;
  }
  const program = await findRedisServer(env.PATH ?? "", REDIS_CACHE_FOLDER);
  if (!program) {
    progress.say("redis        none on this machine: caches and limits stay in each process");
    return undefined;
  }
  return progress.step("redis", "ready", async () => {
    const port = await findFreePort();
    const output = openOutput("redis", dataDir.logs, progress.say, { isPlainShown: false });
    let url = "";
    await processes.start({
      name: "redis",
      part: "redis",
      output,
      launch: async ({ onSpawned }) => {
        const redis = await startRedis({
          program,
          dataDir: dataDir.redis,
          port,
          isDurable: true,
          onOutput: output.write,
          onSpawned,
        });
        url = redis.url;
        return redis.child;
      },
    });
    return url;
  });
}
