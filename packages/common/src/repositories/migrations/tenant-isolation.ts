import { type Kysely, sql } from "kysely";

/**
 * Lets a role (the request role unless another is named) read and write a table, rows of the
 * transaction's tenants alone; the table's owner too is held to its policies. The table must have a
 * `tenant_id` column.
 */
export async function enableTenantIsolation(
  db: Kysely<unknown>,
  table: string,
  privileges: readonly ("select" | "insert" | "update" | "delete")[] = [
    "select",
    "insert",
    "update",
  ],
  role = "orrery_request",
): Promise<void> {
  const name = sql.table(table);
  await forceRowSecurity(db, table);
  await sql`
    create policy tenant_isolation on ${name} to ${sql.id(role)}
    using (tenant_id = any (string_to_array(current_setting('orrery.tenants', true), ',')))
    with check (tenant_id = any (string_to_array(current_setting('orrery.tenants', true), ',')))
  `.execute(db);
  await sql`grant ${sql.raw(privileges.join(", "))} on ${name} to ${sql.id(role)}`.execute(db);
}

/** Shows a table's rows to nobody but whom a policy names, its owner included. */
export async function forceRowSecurity(db: Kysely<unknown>, table: string): Promise<void> {
  await sql`alter table ${sql.table(table)} enable row level security`.execute(db);
  await sql`alter table ${sql.table(table)} force row level security`.execute(db);
}
