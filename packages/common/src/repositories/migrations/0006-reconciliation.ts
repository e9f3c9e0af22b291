import { type Kysely, sql } from "kysely";
import { createSystemRole, grantAcrossTenants } from "./system-roles.ts";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** What reconciliation reads and remembers, what operators did, and the archive of the journal. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createArchive(db);
  await createReconciliation(db);
  await createOperatorAudit(db);
  await createSystemRole(db, "orrery_reconciler");
  await createSystemRole(db, "orrery_archiver");
  for (const table of [
    "vaults",
    "usage_events",
    "submission_intents",
    "submission_intents_archive",
  ]) {
    await grantAcrossTenants(db, { table, role: "orrery_reconciler", privileges: "select" });
  }
  await sql`grant select, insert, update on reconciliation_cursors, reconciliation_differences
    to orrery_reconciler`.execute(db);
  for (const table of ["submission_intents", "submission_attempts"]) {
    await grantAcrossTenants(db, { table, role: "orrery_archiver", privileges: "select, delete" });
    await grantAcrossTenants(db, {
      table: `${table}_archive`,
      role: "orrery_archiver",
      privileges: "insert",
    });
  }
  // `for update skip locked` wants the right to update; no column of an intent is ever changed.
  for (const table of ["submission_intents", "submission_attempts"]) {
    await sql`grant update (tenant_id) on ${sql.table(table)} to orrery_archiver`.execute(db);
  }
}

async function createArchive(db: Kysely<unknown>): Promise<void> {
  // `record` is the whole row, so that a column added to the journal later is kept as well.
  await sql`
    create table submission_intents_archive (
      tenant_id text collate "C" not null,
      intent_id uuid not null,
      marker text not null,
      vault_contract_id text not null,
      ledger integer,
      record jsonb not null,
      primary key (tenant_id, intent_id),
      constraint submission_intents_archive_marker_unique unique (tenant_id, marker)
    )
  `.execute(db);
  await sql`
    create table submission_attempts_archive (
      tenant_id text collate "C" not null,
      attempt_id uuid not null,
      record jsonb not null,
      primary key (tenant_id, attempt_id)
    )
  `.execute(db);
  await enableTenantIsolation(db, "submission_intents_archive", ["select"]);
  await enableTenantIsolation(db, "submission_attempts_archive", ["select"]);
  // What the archiver takes, and what reconciliation walks.
  await sql`
    create index submission_intents_settled
    on submission_intents (resolved_at_ms) where state = 'confirmed'
  `.execute(db);
  await sql`
    create index submission_attempts_ended on submission_attempts (ended_at_ms)
    where state in ('refused', 'confirmed', 'failed', 'dead')
  `.execute(db);
  await sql`
    create index submission_intents_charged
    on submission_intents (vault_contract_id, ledger, intent_id) where state = 'confirmed'
  `.execute(db);
  await sql`
    create index submission_intents_archive_charged
    on submission_intents_archive (vault_contract_id, ledger, intent_id)
  `.execute(db);
  await guardArchivedMarkers(db);
}

/**
 * (tenant, marker) stays unique over journal and archive. After the statement, since an insert that
 * waited for the archiver's commit must see what that moved.
 */
async function guardArchivedMarkers(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function refuse_archived_markers() returns trigger language plpgsql as $$
    begin
      if exists (
        select from added join submission_intents_archive archived using (tenant_id, marker)
      ) then
        raise unique_violation using
          message = 'an archived intent has this marker',
          constraint = 'submission_intents_marker_unique',
          table = 'submission_intents';
      end if;
      return null;
    end $$
  `.execute(db);
  await sql`
    create trigger submission_intents_archived_markers after insert on submission_intents
    referencing new table as added for each statement execute function refuse_archived_markers()
  `.execute(db);
}

async function createReconciliation(db: Kysely<unknown>): Promise<void> {
  await sql`create index vaults_contract on vaults (contract_id)`.execute(db);
  await sql`
    create table reconciliation_cursors (
      name text primary key,
      next_ledger integer,
      lease_owner text,
      lease_epoch bigint not null default 1,
      lease_until timestamptz not null default '-infinity'
    )
  `.execute(db);
  await sql`
    create table reconciliation_differences (
      id uuid primary key,
      kind text not null,
      vault_contract_id text not null,
      ledger integer not null,
      tx_hash text not null default '',
      marker text not null default '',
      tenant_id text collate "C",
      subject_id text collate "C",
      detail text not null,
      found_at timestamptz(3) not null,
      closed_at timestamptz(3),
      closed_by text,
      constraint reconciliation_differences_unique
        unique (kind, vault_contract_id, ledger, tx_hash, marker)
    )
  `.execute(db);
  await sql`
    create index reconciliation_differences_open
    on reconciliation_differences (ledger, id) where closed_at is null
  `.execute(db);
}

/** Append-only for everyone: no grant, and a trigger that refuses what the owner would be let do. */
async function createOperatorAudit(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table operator_audit (
      tenant_id text collate "C" not null,
      id uuid not null,
      operator text not null,
      action text not null,
      subject text not null,
      evidence text not null check (evidence <> ''),
      details jsonb not null,
      recorded_at timestamptz(3) not null,
      primary key (tenant_id, id)
    )
  `.execute(db);
  await enableTenantIsolation(db, "operator_audit", ["select", "insert"]);
  await sql`
    create function refuse_audit_change() returns trigger language plpgsql as $$
    begin
      raise insufficient_privilege using message = 'operator_audit is append-only';
    end $$
  `.execute(db);
  await sql`
    create trigger operator_audit_append_only before update or delete on operator_audit
    for each statement execute function refuse_audit_change()
  `.execute(db);
}
