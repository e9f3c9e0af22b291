import { type Kysely, sql } from "kysely";
import { createLeaseFunction } from "./lease-submissions.ts";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** The journal of the submission engine: intents, the attempts at them, and the channel accounts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create sequence submission_lease_epochs`.execute(db);
  await sql`
    create table submission_intents (
      tenant_id text collate "C" not null,
      intent_id uuid not null,
      kind text not null check (kind in ('deduct', 'stream', 'settlement')),
      subject_id text collate "C" not null,
      vault_contract_id text collate "C" not null,
      payee text not null,
      amount_stroops bigint not null check (amount_stroops > 0),
      marker text not null,
      created_at_ms bigint not null,
      state text not null default 'received' check (state in
        ('received', 'refused', 'prepared', 'sent', 'confirmed', 'failed', 'dead', 'unknown')),
      armed_at_ms bigint not null,
      due_at_ms bigint not null,
      lease_owner text,
      lease_epoch bigint not null default 0,
      retry_count integer not null default 0,
      current_attempt_id uuid,
      attempt_ids uuid[] not null default '{}',
      resolved_at_ms bigint,
      tx_hash text,
      ledger integer,
      return_value text,
      evidence text,
      failure jsonb,
      primary key (tenant_id, intent_id),
      constraint submission_intents_marker_unique unique (tenant_id, marker)
    )
  `.execute(db);
  // What the workers' lease query walks: small whatever the number of settled rows. From vault to
  // vault, and within each in order of arrival.
  await sql`
    create index submission_intents_received
    on submission_intents (tenant_id, vault_contract_id, armed_at_ms, intent_id)
    include (due_at_ms) where state = 'received'
  `.execute(db);
  // A vault with a row here has something under way.
  await sql`
    create index submission_intents_under_way
    on submission_intents (tenant_id, vault_contract_id) include (due_at_ms, state)
    where (state in ('prepared', 'sent', 'dead')
      or (state = 'received' and lease_owner is not null))
  `.execute(db);
  await sql`
    create index submission_intents_in_flight_due
    on submission_intents (due_at_ms) where state in ('prepared', 'sent', 'dead')
  `.execute(db);
  await sql`
    create index submission_intents_in_flight_attempt
    on submission_intents (tenant_id, current_attempt_id)
    where state in ('prepared', 'sent', 'dead')
  `.execute(db);
  await sql`
    create index submission_intents_unknown
    on submission_intents (tenant_id, intent_id) where state = 'unknown'
  `.execute(db);
  await sql`
    create table submission_attempts (
      tenant_id text collate "C" not null,
      attempt_id uuid not null,
      intent_ids uuid[] not null,
      state text not null check (state in
        ('refused', 'prepared', 'sent', 'confirmed', 'failed', 'dead', 'unknown')),
      purpose text check (purpose in ('charge', 'restore')),
      channel_index integer,
      channel_public_key text,
      sequence bigint,
      hashes jsonb,
      replaced_hashes text[],
      ledger_at_build integer,
      max_ledger integer,
      max_time_s bigint,
      prepared_at_ms bigint,
      sent_at_ms bigint,
      ended_at_ms bigint,
      ledger integer,
      failure jsonb,
      primary key (tenant_id, attempt_id)
    )
  `.execute(db);
  await sql`
    create table submission_channels (
      channel_index integer primary key,
      public_key text not null,
      state text not null default 'absent' check (state in
        ('absent', 'ready', 'leased', 'bound', 'quarantined')),
      until_ms bigint not null default 0,
      lease_epoch bigint not null default 0,
      next_sequence bigint,
      last_resolved_ledger integer not null default 0,
      last_used bigint not null default 0,
      bound_tenant_id text collate "C",
      bound_attempt_id uuid,
      quarantine_reason text,
      constraint submission_channels_public_key_unique unique (public_key)
    )
  `.execute(db);
  await createLeaseFunction(db);
  await enableTenantIsolation(db, "submission_intents");
  await enableTenantIsolation(db, "submission_attempts", ["select"]);
}
