import { Migrator } from "kysely/migration";
import { type Database, openDatabase } from "../database.ts";
import { MIGRATIONS } from "./registry.ts";

/**
 * Brings the schema up to date; safe to run from several places at once (one runs, others wait).
 * `applied`: the migrations that this call ran.
 */
export async function migrateToLatest(databaseUrl: string): Promise<{ applied: string[] }> {
  const database = openDatabase({
    url: databaseUrl,
    poolSize: 2,
    applicationName: "orrery-migrate",
  });
  try {
    const { error, results = [] } = await migrator(database).migrateToLatest();
    if (error !== undefined) throw asError(error);
    return {
      applied: results
        .filter((result) => result.status === "Success")
        .map((result) => result.migrationName),
    };
  } finally {
    await database.close();
  }
}

/** The migrations that this release wants and the database has not seen, in order. */
async function listPendingMigrations(database: Database): Promise<string[]> {
  const migrations = await migrator(database).getMigrations();
  return migrations
    .filter((migration) => migration.executedAt === undefined)
    .map((migration) => migration.name);
}

/** @throws when migrations are pending: a service never runs on a schema that it does not know */
export async function assertMigrated(database: Database): Promise<void> {
  const pending = await listPendingMigrations(database);
  if (pending.length > 0) {
    throw new Error(
      `the database lacks ${pending.length} migrations (${pending.join(", ")}); run "npm run migrate"`,
    );
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error("a migration failed", { cause: thrown });
}

function migrator({ kysely }: Database): Migrator {
  return new Migrator({ db: kysely, provider: { getMigrations: async () => ({ ...MIGRATIONS }) } });
}
