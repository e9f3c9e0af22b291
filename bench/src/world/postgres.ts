import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoginService } from "@orrery/common/repositories/database-roles";
import { migrateToLatest } from "@orrery/common/repositories/migrations/migrate";
import { loginUrl, provisionLogins } from "@orrery/common/repositories/migrations/provision-logins";
import { startPostgres } from "@orrery/devstack/postgres/embedded-postgres";
import pg from "pg";
import type { BenchContext } from "../harness/bench.ts";

/** A real, durable Postgres of the bench's own. */
export interface BenchPostgres {
  /** Makes a migrated database and gives its superuser's URL. */
  createDatabase(name: string): Promise<string>;
}

/** Starts a server with fsync on, as production has it, in a folder that goes when the bench is over. */
export async function startBenchPostgres({ cleanup, say }: BenchContext): Promise<BenchPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  cleanup.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  const password = randomBytes(18).toString("hex");
  const postgres = await startPostgres({
    dataDir: join(folder, "postgres"),
    password,
    isDurable: true,
  });
  const killAtExit = () => postgres.child.kill("SIGQUIT");
  process.once("exit", killAtExit);
  cleanup.defer(async () => {
    await postgres.stop();
    process.off("exit", killAtExit);
  });
  say("postgres is ready");
  return {
    createDatabase: async (name) => {
      await runSql(postgres.url(), `create database ${name}`);
      await migrateToLatest(postgres.url(name));
      await provisionLogins(postgres.url(name), {
        gateway: password,
        billing: password,
        catalog: password,
      });
      return postgres.url(name);
    },
  };
}

/** The URL of a database of ours as a service connects: production refuses the superuser. */
export function serviceUrl(databaseUrl: string, service: LoginService): string {
  return loginUrl(databaseUrl, service, decodeURIComponent(new URL(databaseUrl).password));
}

/** Runs one statement on a connection of its own and gives its rows. */
export async function runSql<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** What was written so far is on disk, so that no round pays for the one before it. */
export async function checkpoint(url: string): Promise<void> {
  await runSql(url, "checkpoint");
}
