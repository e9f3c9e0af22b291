import { type Kysely, sql } from "kysely";
import { grantAcrossTenants } from "./system-roles.ts";
import { enableTenantIsolation, forceRowSecurity } from "./tenant-isolation.ts";

/** Keys that are rolled and tell when they were used, limits of single tenants, and who administered. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await extendKeys(db);
  await createLimits(db);
  await createAudit(db);
}

async function extendKeys(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table api_keys add last_used_at timestamptz(3), add rolled_at timestamptz(3),
      add successor_id text collate "C"
  `.execute(db);
  // What the gateways poll, beside the revocations.
  await sql`
    create index api_keys_rolled on api_keys (rolled_at) where rolled_at is not null
  `.execute(db);
  await sql`
    grant update (expires_at, rolled_at, successor_id) on api_keys to orrery_administrator
  `.execute(db);
  await sql`grant update (last_used_at) on api_keys to orrery_authenticator`.execute(db);
}

/** No limits of a tenant's own is a row too: that they were taken back is news to the gateways. */
async function createLimits(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tenant_limits (
      tenant_id text primary key collate "C"
        constraint tenant_limits_of_tenant references tenants (id),
      per_minute jsonb not null check (jsonb_typeof(per_minute) = 'object'),
      updated_at timestamptz(3) not null
    )
  `.execute(db);
  await sql`create index tenant_limits_changed on tenant_limits (updated_at)`.execute(db);
  await enableTenantIsolation(
    db,
    "tenant_limits",
    ["select", "insert", "update"],
    "orrery_administrator",
  );
  await grantAcrossTenants(db, {
    table: "tenant_limits",
    role: "orrery_authenticator",
    privileges: "select",
  });
}

/** Append-only for everyone: no grant, and a trigger that refuses what the owner would be let do. */
async function createAudit(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table admin_audit (
      tenant_id text collate "C" not null,
      id uuid not null,
      action text not null,
      subject text not null,
      principal text not null,
      request_id text not null,
      details jsonb not null,
      recorded_at timestamptz(3) not null,
      primary key (tenant_id, id)
    )
  `.execute(db);
  await sql`create unique index admin_audit_listed on admin_audit (id)`.execute(db);
  await forceRowSecurity(db, "admin_audit");
  await grantAcrossTenants(db, {
    table: "admin_audit",
    role: "orrery_administrator",
    privileges: "select, insert",
  });
  await sql`
    create function refuse_admin_audit_change() returns trigger language plpgsql as $$
    begin
      raise insufficient_privilege using message = 'admin_audit is append-only';
    end $$
  `.execute(db);
  await sql`
    create trigger admin_audit_append_only before update or delete on admin_audit
    for each statement execute function refuse_admin_audit_change()
  `.execute(db);
}
