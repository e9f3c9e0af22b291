import { type Kysely, sql } from "kysely";

const FUNCTIONS = [
  "accept_usage_events",
  "find_usage_events",
  "read_vault_funds",
  "reserve_usage_events",
] as const;

/**
 * The functions that take requests sort only so that no index but the one meant gives the order. An
 * incremental sort let an index that begins with the tenant alone do it too, and a table whose
 * statistics are older than its growth was then read whole for each batch.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ signature: string }>`
    select oid::regprocedure::text as signature from pg_proc where proname = any (${[...FUNCTIONS]})
  `.execute(db);
  for (const { signature } of rows) {
    await sql`alter function ${sql.raw(signature)} set enable_incremental_sort to off`.execute(db);
  }
}
