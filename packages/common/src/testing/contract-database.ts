import { sql } from "kysely";
import { afterAll, beforeAll } from "vitest";
import { type Database, openDatabase } from "../repositories/database.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

/**
 * One migrated database for a test file, and a way to begin each test with empty tables. Call it
 * at the top of the file; `database()` is there once the file's tests run.
 */
export function useTestDatabase(): { database(): Database; url(): string; empty(): Promise<void> } {
  let testDatabase: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = openDatabase({ url: testDatabase.url, poolSize: 10, applicationName: "test" });
  });
  afterAll(async () => {
    await database.close();
    await testDatabase.drop();
  });
  return {
    database: () => database,
    url: () => testDatabase.url,
    empty: async () => {
      const { rows } = await sql<{ name: string }>`
        select quote_ident(tablename) as name from pg_tables
        where schemaname = 'public' and tablename not like 'kysely_%'
      `.execute(database.kysely);
      const names = rows.map((row) => row.name).join(", ");
      await sql`truncate ${sql.raw(names)} cascade`.execute(database.kysely);
    },
  };
}
