import { randomBytes } from "node:crypto";
import pg from "pg";
import { createClient } from "redis";
import { inject } from "vitest";

declare module "vitest" {
  interface ProvidedContext {
    /** The superuser's URL of the run's Postgres server. */
    postgresUrl: string;
    /** The run's Redis server, database 0. */
    redisUrl: string;
  }
}

/** Made by the run's global setup: every migration applied, no rows. */
const TEMPLATE_DATABASE = "orrery_template";
/** Database 0 only counts which of the others are taken. */
const REDIS_DATABASES = 255;

export interface TestDatabase {
  /** The superuser's URL of a migrated, empty database that no other test file sees. */
  url: string;
  /** Ends the sessions that are left and removes the database. */
  drop(): Promise<void>;
}

export interface TestRedis {
  /** A URL with an empty logical database of its own; publish/subscribe channels are not separate. */
  url: string;
  /** Empties the logical database. */
  drop(): Promise<void>;
}

/**
 * A database of its own for one test file: `beforeAll` creates it, `afterAll` drops it.
 * `isMigrated: false` gives an empty one, for tests of the migrations themselves.
 * @throws Error when the run has no servers: the file's name must end in `.integration.test.ts`
 */
export async function createTestDatabase(options?: { isMigrated: boolean }): Promise<TestDatabase> {
  const adminUrl = serverUrl("postgresUrl");
  const name = `test_${randomBytes(8).toString("hex")}`;
  const template = options?.isMigrated === false ? "template0" : TEMPLATE_DATABASE;
  await runAsAdmin(adminUrl, `create database ${name} template ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const drop = () => runAsAdmin(adminUrl, `drop database if exists ${name} with (force)`);
  return { url: url.href, drop };
}

/**
 * A logical Redis database of its own for one test file.
 * @throws Error when the run has no servers: the file's name must end in `.integration.test.ts`
 */
export async function createTestRedis(): Promise<TestRedis> {
  const adminUrl = serverUrl("redisUrl");
  const counter = await createClient({ url: adminUrl }).connect();
  const taken = await counter.incr("orrery-test:databases");
  await counter.close();
  const url = `${adminUrl}/${1 + (taken % REDIS_DATABASES)}`;
  const drop = async () => {
    const client = await createClient({ url }).connect();
    await client.flushDb();
    await client.close();
  };
  await drop();
  return { url, drop };
}

function serverUrl(name: "postgresUrl" | "redisUrl"): string {
  const url: string | undefined = inject(name);
  if (url === undefined) {
    throw new Error(
      "this run has no test servers: they start for files named *.integration.test.ts, and not in test:unit",
    );
  }
  return url;
}

async function runAsAdmin(adminUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
