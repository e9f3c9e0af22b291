import { sql } from "kysely";
import type { OrreryDatabase, OrreryTransaction } from "./database.ts";

/**
 * The roles of work that is no tenant's own, each with the least grants: the relay empties the
 * outbox, the scorer keeps the boards' scores, the public role reads what the platform shows to all,
 * the reconciler reads charges, the archiver moves settled journal rows, the settler finds settlements
 * that are due.
 */
export type SystemRole =
  | "orrery_relay"
  | "orrery_scorer"
  | "orrery_public"
  | "orrery_reconciler"
  | "orrery_archiver"
  | "orrery_settler";

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
