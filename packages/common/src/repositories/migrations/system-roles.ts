import { type Kysely, sql } from "kysely";

/** Makes a role without login that the migrating user may become; roles belong to the whole server. */
export async function createSystemRole(db: Kysely<unknown>, role: string): Promise<void> {
  const name = sql.id(role);
  await sql`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${sql.raw(role)}') then
        create role ${name} nologin;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$
  `.execute(db);
  await sql`grant ${name} to current_user`.execute(db);
  await sql`grant usage on schema public to ${name}`.execute(db);
}

/** Lets a system role do what it is granted on rows of every tenant that `rows` (SQL) selects. */
export async function grantAcrossTenants(
  db: Kysely<unknown>,
  options: { table: string; role: string; privileges: string; rows?: string },
): Promise<void> {
  const { table, role, privileges, rows = "true" } = options;
  const condition = sql.raw(rows);
  await sql`
    create policy ${sql.id(role)} on ${sql.table(table)} to ${sql.id(role)}
    using (${condition}) with check (${condition})
  `.execute(db);
  await sql`grant ${sql.raw(privileges)} on ${sql.table(table)} to ${sql.id(role)}`.execute(db);
}

/**
 * Makes a login that owns nothing, inherits nothing and may become the given roles. It has no
 * password, so that nobody connects as it before it is given one.
 */
export async function createLogin(
  db: Kysely<unknown>,
  login: string,
  roles: readonly string[],
): Promise<void> {
  await sql`
    do $$ begin
      if not exists (select from pg_roles where rolname = '${sql.raw(login)}') then
        create role ${sql.id(login)} login noinherit;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$
  `.execute(db);
  await sql`grant ${sql.join(roles.map((role) => sql.id(role)))} to ${sql.id(login)}`.execute(db);
}
