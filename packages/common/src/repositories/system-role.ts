import { sql } from "kysely";
import type { OrreryDatabase, OrreryTransaction } from "./database.ts";
import type { SystemRole } from "./database-roles.ts";

/** Runs `work` in a transaction with the rights of a system role alone. */
export async function withRole<Result>(
  database: OrreryDatabase,
  role: SystemRole,
  work: (transaction: OrreryTransaction) => Promise<Result>,
): Promise<Result> {
  return database.transaction().execute(async (transaction) => {
    await sql`select set_config('role', ${role}, true)`.execute(transaction);
    return work(transaction);
  });
}
