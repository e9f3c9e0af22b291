import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateToLatest } from "@orrery/common/repositories/migrations/migrate";
import { provisionLogins } from "@orrery/common/repositories/migrations/provision-logins";
import pg from "pg";
import { type RunningPostgres, startPostgres } from "../postgres/embedded-postgres.ts";
import { ProcessRecord } from "../process/process-record.ts";
import { obtainRedisServer } from "../redis/debian-redis.ts";
import { type RunningRedis, startRedis } from "../redis/redis-server.ts";
import type { TestServersConfig } from "./config.ts";

const FOLDER_PREFIX = "orrery-test-";
const RECORD_FILE = "processes.json";

/** The migrated database that every test database is cloned from. */
const TEMPLATE_DATABASE = "orrery_template";

export interface TestServers {
  postgresUrl: string;
  redisUrl: string;
  /** Stops both servers and removes their files. */
  stop(): Promise<void>;
}

/**
 * Starts one Postgres, with a migrated template database, and one Redis for a whole test run.
 * Both die with this process, however it ends short of SIGKILL.
 */
export async function startTestServers(
  config: TestServersConfig,
  onProgress: (text: string) => void,
): Promise<TestServers> {
  await removeLeftovers();
  const folder = await mkdtemp(join(tmpdir(), FOLDER_PREFIX));
  const record = new ProcessRecord(join(folder, RECORD_FILE));
  await record.claim();
  const running: { postgres?: RunningPostgres; redis?: RunningRedis } = {};
  const killAtExit = () => {
    running.postgres?.child.kill("SIGQUIT");
    running.redis?.child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  process.once("exit", killAtExit);
  const stop = async () => {
    await Promise.all([running.postgres?.stop(), running.redis?.stop()]);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    process.off("exit", killAtExit);
  };
  try {
    const password = randomBytes(18).toString("hex");
    const postgresDir = join(folder, "postgres");
    running.postgres = await startPostgres({
      dataDir: postgresDir,
      password,
      isDurable: false,
      onSpawned: (pid) => record.add("postgres", pid),
    });
    await createTemplate(running.postgres);
    // One password for all: a test turns the superuser's URL into a login's by its name alone.
    const url = running.postgres.url();
    await provisionLogins(url, { gateway: password, billing: password, catalog: password });
    const program = await obtainRedisServer({
      searchPath: config.searchPath,
      cacheFolder: config.redisCacheFolder,
      onProgress,
    });
    const redisDir = join(folder, "redis");
    running.redis = await startRedis({
      program,
      dataDir: redisDir,
      isDurable: false,
      onSpawned: (pid) => record.add("redis", pid),
    });
    return { postgresUrl: running.postgres.url(), redisUrl: running.redis.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ends the servers of runs that were killed, and removes their folders. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const folder = join(tmpdir(), name);
    const recordFile = join(folder, RECORD_FILE);
    if (!name.startsWith(FOLDER_PREFIX) || !(await isOurs(recordFile))) continue;
    const record = new ProcessRecord(recordFile);
    if (await record.findOwner()) continue;
    await record.stopLeftovers();
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function isOurs(path: string): Promise<boolean> {
  try {
    return (await stat(path)).uid === process.getuid?.();
  } catch {
    return false;
  }
}

async function createTemplate(postgres: RunningPostgres): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url() });
  await client.connect();
  try {
    await client.query(`create database ${TEMPLATE_DATABASE}`);
    await migrateToLatest(postgres.url(TEMPLATE_DATABASE));
    await client.query(
      `alter database ${TEMPLATE_DATABASE} with is_template true allow_connections false`,
    );
  } finally {
    await client.end();
  }
}
