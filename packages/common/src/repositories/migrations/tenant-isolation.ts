import { type Kysely, sql } from "kysely";

/**
 * Lets the request role read and write a table, rows of the transaction's tenants alone. The table
 * must have a `tenant_id` column.
 */
export async function enableTenantIsolation(
  db: Kysely<unknown>,
  table: string,
  privileges: readonly ("select" | "insert" | "update" | "delete")[] = [
    "select",
    "insert",
    "update",
  ],
): Promise<void> {
  const name = sql.table(table);
  await sql`alter table ${name} enable row level security`.execute(db);
  await sql`
    create policy tenant_isolation on ${name} to orrery_request
    using (tenant_id = any (string_to_array(current_setting('orrery.tenants', true), ',')))
    with check (tenant_id = any (string_to_array(current_setting('orrery.tenants', true), ',')))
  `.execute(db);
  await sql`grant ${sql.raw(privileges.join(", "))} on ${name} to orrery_request`.execute(db);
}
