import { type Kysely, sql } from "kysely";
import { createLogin, createSystemRole, grantAcrossTenants } from "./system-roles.ts";
import { enableTenantIsolation, forceRowSecurity } from "./tenant-isolation.ts";

/**
 * A login for each service, a role for each kind of work that used to run as the owner, and row-level
 * security that owning a table does not pass by. The owner is a member of the roles, so that a release
 * that still connects as the owner goes on.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await forceExisting(db);
  await grantGateway(db);
  await grantEngine(db);
  await grantOperator(db);
  await grantCache(db);
  // Every service looks, whatever role it connects as, whether the schema is the one it knows.
  await sql`grant select on kysely_migration to public`.execute(db);
  await createLogin(db, "orrery_gateway", [
    "orrery_authenticator",
    "orrery_administrator",
    "orrery_janitor",
  ]);
  await createLogin(db, "orrery_billing", [
    "orrery_request",
    "orrery_submitter",
    "orrery_admission",
    "orrery_settler",
    "orrery_reconciler",
    "orrery_archiver",
    "orrery_exporter",
    "orrery_janitor",
  ]);
  await createLogin(db, "orrery_catalog", [
    "orrery_request",
    "orrery_public",
    "orrery_cache",
    "orrery_relay",
    "orrery_scorer",
    "orrery_janitor",
  ]);
}

/** The tables of the migrations before this one. */
async function forceExisting(db: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relrowsecurity
      and not relforcerowsecurity
  `.execute(db);
  for (const { name } of rows) await forceRowSecurity(db, name);
}

async function grantGateway(db: Kysely<unknown>): Promise<void> {
  await createSystemRole(db, "orrery_authenticator");
  await createSystemRole(db, "orrery_administrator");
  await enableTenantIsolation(db, "api_keys", ["select", "insert"], "orrery_administrator");
  await sql`grant update (revoked_at) on api_keys to orrery_administrator`.execute(db);
  await grantAcrossTenants(db, {
    table: "api_keys",
    role: "orrery_authenticator",
    privileges: "select",
  });
  await sql`grant select, insert on tenants to orrery_administrator`.execute(db);
}

/** The submission engine with the hook that settles what it resolves, and the count of the backlog. */
async function grantEngine(db: Kysely<unknown>): Promise<void> {
  await createSystemRole(db, "orrery_submitter");
  for (const [table, privileges] of [
    ["submission_intents", "select, update"],
    ["submission_attempts", "select, insert, update"],
    ["submission_intents_archive", "select"],
    ["submission_attempts_archive", "select"],
  ] as const) {
    await grantAcrossTenants(db, { table, role: "orrery_submitter", privileges });
  }
  await sql`grant select, insert, update on submission_channels to orrery_submitter`.execute(db);
  await sql`grant usage on sequence submission_lease_epochs to orrery_submitter`.execute(db);
  await grantResolution(db, "orrery_submitter");
  await createSystemRole(db, "orrery_admission");
  await grantAcrossTenants(db, {
    table: "usage_events",
    role: "orrery_admission",
    privileges: "select (tenant_id, status, created_at)",
    rows: "status = 'pending'",
  });
}

/** What a resolution changes, whoever resolves: never a party or an amount. */
async function grantResolution(db: Kysely<unknown>, role: string): Promise<void> {
  const outcome = "status, failure_reason, contract_error, stellar_tx_hash, ledger, settled_at";
  await grantAcrossTenants(db, {
    table: "usage_events",
    role,
    privileges: `select, update (${outcome})`,
  });
  const settled =
    "state, failure_reason, contract_error, failure_count, tx_hash, ledger, settled_at, retry_at";
  await grantAcrossTenants(db, {
    table: "settlements",
    role,
    privileges: `select, update (${settled})`,
  });
  await grantAcrossTenants(db, {
    table: "vault_balances",
    role,
    privileges: "select, update (read_at)",
  });
}

async function grantOperator(db: Kysely<unknown>): Promise<void> {
  await createSystemRole(db, "orrery_operator");
  for (const [table, privileges] of [
    ["submission_intents", "select, update"],
    ["submission_attempts", "select, insert"],
    ["operator_audit", "insert"],
  ] as const) {
    await grantAcrossTenants(db, { table, role: "orrery_operator", privileges });
  }
  await grantResolution(db, "orrery_operator");
  await forceRowSecurity(db, "reconciliation_differences");
  await grantAcrossTenants(db, {
    table: "reconciliation_differences",
    role: "orrery_operator",
    privileges: "select, update (closed_at, closed_by)",
  });
  await grantAcrossTenants(db, {
    table: "reconciliation_differences",
    role: "orrery_reconciler",
    privileges: "select, insert, update",
  });
}

async function grantCache(db: Kysely<unknown>): Promise<void> {
  await createSystemRole(db, "orrery_cache");
  await sql`grant select on cache_generations to orrery_cache`.execute(db);
}
