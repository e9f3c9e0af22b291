import { type Kysely, sql } from "kysely";
import { createSystemRole, grantAcrossTenants } from "./system-roles.ts";

/** Which store each movable repository is on, and the role that copies their records. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table store_modes (
      repository text primary key check (repository in ('stream', 'idempotency', 'export')),
      mode text not null check (mode in ('memory', 'dual', 'postgres')),
      reads text not null check (reads in ('memory', 'postgres')),
      switched_at timestamptz(3) not null,
      check (mode = 'dual' or mode = reads)
    )
  `.execute(db);
  await createSystemRole(db, "orrery_mover");
  await sql`grant select, insert, update on store_modes to orrery_mover`.execute(db);
  for (const [table, privileges] of [
    ["streams", `select, insert, update (${STREAM_STATE.join(", ")})`],
    ["activity_events", "select, insert"],
    ["list_sizes", "select, insert, update (size)"],
    ["users", "select, insert, update (display_name, created_at, updated_at)"],
    ["idempotency_keys", "select, insert, update, delete"],
    ["export_jobs", `select, insert, update (${EXPORT_PROGRESS.join(", ")})`],
    ["export_audit", "select, insert"],
  ] as const) {
    await grantAcrossTenants(db, { table, role: "orrery_mover", privileges });
  }
  await sql`grant orrery_mover to orrery_billing`.execute(db);
}

/** All of a stream but who pays whom, how much, and by the second. */
const STREAM_STATE = [
  "status",
  "active_ms",
  "active_since",
  "settled_stroops",
  "settlement_count",
  "settlement_intent_id",
  "settlement_action",
  "settlement_state",
  "settlement_stroops",
  "settlement_active_ms",
  "settlement_vault_contract_id",
  "settlement_requested_at",
  "settlement_tx_hash",
  "settlement_ledger",
  "withdrawal_state",
  "withdrawal_effect_id",
  "withdrawal_requested_at",
  "withdrawal_resolved_at",
  "withdrawal_failure",
  "withdrawal_missing_ledger",
  "started_at",
  "paused_at",
  "ended_at",
  "updated_at",
  "last_event_at",
];

/** All of an export but what was asked for. */
const EXPORT_PROGRESS = [
  "status",
  "failure",
  "attempts",
  "lease_epoch",
  "lease_owner",
  "lease_until",
  "due_at",
  "row_count",
  "byte_count",
  "estimated_row_count",
  "sha256",
  "finished_at",
];
