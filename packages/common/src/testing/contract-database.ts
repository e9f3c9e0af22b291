import { sql } from "kysely";
import { afterAll, beforeAll } from "vitest";
import { type Database, type DatabaseOptions, openDatabase } from "../repositories/database.ts";
import type { LoginService } from "../repositories/database-roles.ts";
import { loginUrl } from "../repositories/migrations/provision-logins.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";

export interface ContractDatabase {
  /** As the superuser, who sees every row. */
  database(): Database;
  url(): string;
  /** As a service connects; the same one again when asked again. */
  login(service: LoginService, options?: Pick<DatabaseOptions, "role">): Database;
  loginUrl(service: LoginService): string;
  /** Removes every row. */
  empty(): Promise<void>;
}

/**
 * One migrated database for a test file, and a way to begin each test with empty tables. Call it
 * at the top of the file; `database()` is there once the file's tests run.
 */
export function useTestDatabase(): ContractDatabase {
  let testDatabase: TestDatabase;
  let database: Database;
  const logins = new Map<string, Database>();
  const urlOf = (service: LoginService) => {
    const { url } = testDatabase;
    return loginUrl(url, service, decodeURIComponent(new URL(url).password));
  };
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = openDatabase({ url: testDatabase.url, poolSize: 10, applicationName: "test" });
  });
  afterAll(async () => {
    for (const login of logins.values()) await login.close();
    await database.close();
    await testDatabase.drop();
  });
  return {
    database: () => database,
    url: () => testDatabase.url,
    loginUrl: urlOf,
    login: (service, options = {}) => {
      const key = `${service} ${options.role ?? ""}`;
      const open = () =>
        openDatabase({ url: urlOf(service), poolSize: 10, applicationName: "test", ...options });
      const login = logins.get(key) ?? open();
      logins.set(key, login);
      return login;
    },
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
