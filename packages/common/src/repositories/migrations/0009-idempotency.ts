import { type Kysely, sql } from "kysely";
import { createClaimFunction, createEndFunction } from "./claim-idempotency-keys.ts";
import { createSystemRole, grantAcrossTenants } from "./system-roles.ts";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** The keys that requests came with, and what they were answered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table idempotency_keys (
      tenant_id text collate "C" not null,
      token text collate "C" not null,
      fingerprint bytea not null,
      epoch bigint not null,
      lease_until timestamptz,
      claimed_at timestamptz(3) not null,
      expires_at timestamptz(3) not null,
      status smallint check (status between 200 and 299),
      headers jsonb,
      body text,
      is_secret boolean not null default false,
      primary key (tenant_id, token),
      check ((status is null) = (headers is null) and (status is null) = (body is null))
    ) with (
      fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000
    )
  `.execute(db);
  await sql`create index idempotency_keys_expiry on idempotency_keys (expires_at)`.execute(db);
  // One for all keys, so that no epoch ever comes again.
  await sql`create sequence idempotency_epochs`.execute(db);
  await createClaimFunction(db);
  await createEndFunction(db);

  const privileges = ["select", "insert", "update", "delete"] as const;
  await enableTenantIsolation(db, "idempotency_keys", privileges);
  await sql`grant usage on sequence idempotency_epochs to orrery_request`.execute(db);
  await isolateAdministrator(db, privileges.join(", "));
  await createSystemRole(db, "orrery_janitor");
  await grantAcrossTenants(db, {
    table: "idempotency_keys",
    role: "orrery_janitor",
    privileges: "select, delete",
    rows: "expires_at <= now()",
  });
}

/** Whoever makes tenants and keys does so for the platform, whose own rows are nobody else's. */
async function isolateAdministrator(db: Kysely<unknown>, privileges: string): Promise<void> {
  await createSystemRole(db, "orrery_administrator");
  await sql`
    create policy administrator_isolation on idempotency_keys to orrery_administrator
    using (tenant_id = any (string_to_array(current_setting('orrery.tenants', true), ',')))
    with check (tenant_id = any (string_to_array(current_setting('orrery.tenants', true), ',')))
  `.execute(db);
  await sql`grant ${sql.raw(privileges)} on idempotency_keys to orrery_administrator`.execute(db);
  await sql`grant usage on sequence idempotency_epochs to orrery_administrator`.execute(db);
}
