import { type Kysely, sql } from "kysely";

/** The request role, tenants and their API keys. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Roles belong to the whole server, so that another database may have made it, or be making it.
  await sql`
    do $$ begin
      if not exists (select from pg_roles where rolname = 'orrery_request') then
        create role orrery_request nologin;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$
  `.execute(db);
  await sql`grant orrery_request to current_user`.execute(db);
  await sql`grant usage on schema public to orrery_request`.execute(db);

  await sql`
    create table tenants (
      id text primary key collate "C" check (id ~ '^[A-Za-z0-9_-]{1,64}$'),
      name text not null,
      created_at timestamptz(3) not null default now()
    )
  `.execute(db);
  await sql`
    create table api_keys (
      tenant_id text collate "C" not null references tenants (id),
      id text collate "C" not null,
      name text not null,
      environment text not null,
      secret_hash bytea not null,
      scopes text[] not null,
      created_at timestamptz(3) not null default now(),
      expires_at timestamptz(3),
      revoked_at timestamptz(3),
      primary key (tenant_id, id),
      constraint api_keys_id_unique unique (id)
    )
  `.execute(db);
  // What the gateways poll to learn of revocations.
  await sql`create index api_keys_revoked on api_keys (revoked_at) where revoked_at is not null`.execute(
    db,
  );
}
