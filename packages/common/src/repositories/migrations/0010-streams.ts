import { type Kysely, sql } from "kysely";
import { createSystemRole, grantAcrossTenants } from "./system-roles.ts";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** Streams, what happened to them, how many of each there are, and the users they are between. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createStreams(db);
  await createActivity(db);
  await createListSizes(db);
  await sql`
    create table users (
      tenant_id text collate "C" not null,
      wallet_address text collate "C" not null,
      display_name text,
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null,
      primary key (tenant_id, wallet_address)
    )
  `.execute(db);
  await enableTenantIsolation(db, "users");
  await grantSystemRoles(db);
}

async function grantSystemRoles(db: Kysely<unknown>): Promise<void> {
  await grantAcrossTenants(db, {
    table: "streams",
    role: "orrery_settler",
    privileges: "select",
    rows: "withdrawal_state = 'pending'",
  });
  await grantAcrossTenants(db, {
    table: "streams",
    role: "orrery_reconciler",
    privileges: "select",
  });
  await createSystemRole(db, "orrery_admission");
  await grantAcrossTenants(db, {
    table: "streams",
    role: "orrery_admission",
    privileges: "select (tenant_id, settlement_state, settlement_requested_at)",
    rows: "settlement_state = 'pending'",
  });
  // Whoever resolves a charge ends its stream's settlement.
  for (const role of ["orrery_submitter", "orrery_operator"]) {
    await createSystemRole(db, role);
    await grantAcrossTenants(db, {
      table: "streams",
      role,
      privileges: `select, update (${CHANGING})`,
    });
    await grantAcrossTenants(db, { table: "activity_events", role, privileges: "insert" });
    await grantAcrossTenants(db, {
      table: "list_sizes",
      role,
      privileges: "select, insert, update (size)",
    });
  }
}

/** What of a stream may change: not its parties, its rate, nor its total. */
const CHANGING = `
  status, active_ms, active_since, settled_stroops, settlement_count, settlement_intent_id,
  settlement_action, settlement_state, settlement_stroops, settlement_active_ms,
  settlement_vault_contract_id, settlement_requested_at, settlement_tx_hash,
  settlement_ledger, withdrawal_state, withdrawal_effect_id, withdrawal_requested_at,
  withdrawal_resolved_at, withdrawal_failure, withdrawal_missing_ledger, started_at,
  paused_at, ended_at, updated_at, last_event_at
`;

async function createStreams(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table streams (
      tenant_id text collate "C" not null,
      id text collate "C" not null,
      sender_user_id text collate "C" not null,
      recipient text not null,
      token text not null check (token = 'USDC'),
      rate_per_second_stroops bigint not null check (rate_per_second_stroops > 0),
      total_stroops bigint not null check (total_stroops > 0),
      status text not null
        check (status in ('draft', 'active', 'paused', 'ended', 'withdrawn', 'cancelled')),
      active_ms bigint not null default 0 check (active_ms >= 0),
      active_since timestamptz(3),
      settled_stroops bigint not null default 0
        check (settled_stroops between 0 and total_stroops),
      settlement_count integer not null default 0,
      settlement_intent_id uuid,
      settlement_action text check (settlement_action in ('stop', 'settle', 'cancel')),
      settlement_state text check (settlement_state in ('pending', 'confirmed')),
      settlement_stroops bigint check (settlement_stroops > 0),
      settlement_active_ms bigint,
      settlement_vault_contract_id text collate "C",
      settlement_requested_at timestamptz(3),
      settlement_tx_hash text,
      settlement_ledger bigint,
      withdrawal_state text check (withdrawal_state in ('pending', 'succeeded', 'failed')),
      withdrawal_effect_id text,
      withdrawal_requested_at timestamptz(3),
      withdrawal_resolved_at timestamptz(3),
      withdrawal_failure text
        check (withdrawal_failure in ('finality_timeout', 'settlement_tx_missing')),
      withdrawal_missing_ledger bigint,
      started_at timestamptz(3),
      paused_at timestamptz(3),
      ended_at timestamptz(3),
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null,
      last_event_at timestamptz(3) not null,
      primary key (tenant_id, id),
      constraint streams_accruing check ((status = 'active') = (active_since is not null)),
      constraint streams_settlement_whole check (
        num_nonnulls(settlement_intent_id, settlement_action, settlement_state, settlement_stroops,
          settlement_active_ms, settlement_vault_contract_id, settlement_requested_at) in (0, 7)
      )
    ) with (fillfactor = 70)
  `.execute(db);
  await sql`create index streams_listed on streams (tenant_id, created_at, id)`.execute(db);
  await sql`
    create index streams_by_status on streams (tenant_id, status, created_at, id)
  `.execute(db);
  await sql`
    create index streams_settling on streams (tenant_id, settlement_vault_contract_id)
    where settlement_state = 'pending'
  `.execute(db);
  await sql`
    create index streams_withdrawing on streams (withdrawal_requested_at, tenant_id, id)
    where withdrawal_state = 'pending'
  `.execute(db);
  await enableTenantIsolation(db, "streams", ["select", "insert"]);
  await sql`grant update (${sql.raw(CHANGING)}) on streams to orrery_request`.execute(db);
}

/** The key is the tenant's own list, newest last. Append-only for everyone, the owner included. */
async function createActivity(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table activity_events (
      tenant_id text collate "C" not null,
      happened_at timestamptz(3) not null,
      id uuid not null,
      stream_id text collate "C" not null,
      type text collate "C" not null,
      details jsonb not null,
      primary key (tenant_id, happened_at, id)
    )
  `.execute(db);
  await sql`
    create index activity_events_of_stream
    on activity_events (tenant_id, stream_id, happened_at, id)
  `.execute(db);
  await sql`
    create index activity_events_by_type on activity_events (tenant_id, type, happened_at, id)
  `.execute(db);
  await enableTenantIsolation(db, "activity_events", ["select", "insert"]);
  await sql`
    create function refuse_activity_change() returns trigger language plpgsql as $$
    begin
      raise insufficient_privilege using message = 'activity_events is append-only';
    end $$
  `.execute(db);
  await sql`
    create trigger activity_events_append_only before update or delete on activity_events
    for each statement execute function refuse_activity_change()
  `.execute(db);
}

/**
 * How many rows each list has, so that no list is counted to be shown. A list's size is the sum of
 * its slots: who writes different streams of a tenant at once seldom waits for the same row.
 */
async function createListSizes(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table list_sizes (
      tenant_id text collate "C" not null,
      list text collate "C" not null,
      key text collate "C" not null,
      slot smallint not null,
      size bigint not null,
      primary key (tenant_id, list, key, slot)
    ) with (fillfactor = 50)
  `.execute(db);
  await enableTenantIsolation(db, "list_sizes", ["select", "insert"]);
  await sql`grant update (size) on list_sizes to orrery_request`.execute(db);
  await sql`
    create function list_size_slot(id text) returns smallint language sql immutable
    return (hashtext(id) & 15)::smallint
  `.execute(db);
  await sql`
    create function count_activity() returns trigger language plpgsql as $$
    begin
      insert into list_sizes as sizes (tenant_id, list, key, slot, size)
      select tenant_id, counted.list, counted.key, counted.slot, count(*)
      from added, lateral (values
        ('activity', type, list_size_slot(stream_id)),
        ('activity of stream', stream_id, 0::smallint)
      ) as counted (list, key, slot)
      group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (tenant_id, list, key, slot) do update set size = sizes.size + excluded.size;
      return null;
    end $$
  `.execute(db);
  await sql`
    create trigger activity_events_counted after insert on activity_events
    referencing new table as added for each statement execute function count_activity()
  `.execute(db);
  await createStreamCounts(db);
}

/** Nothing deletes a stream. */
async function createStreamCounts(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function count_new_streams() returns trigger language plpgsql as $$
    begin
      insert into list_sizes as sizes (tenant_id, list, key, slot, size)
      select tenant_id, 'streams', status, list_size_slot(id), count(*)
      from added group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (tenant_id, list, key, slot) do update set size = sizes.size + excluded.size;
      return null;
    end $$
  `.execute(db);
  await sql`
    create trigger streams_counted after insert on streams
    referencing new table as added for each statement execute function count_new_streams()
  `.execute(db);
  await sql`
    create function count_changed_streams() returns trigger language plpgsql as $$
    begin
      insert into list_sizes as sizes (tenant_id, list, key, slot, size)
      select tenant_id, 'streams', status, list_size_slot(id), sum(change)
      from (
        select tenant_id, status, id, 1 as change from added
        union all
        select tenant_id, status, id, -1 from removed
      ) as changes
      group by 1, 2, 3, 4 having sum(change) <> 0 order by 1, 2, 3, 4
      on conflict (tenant_id, list, key, slot) do update set size = sizes.size + excluded.size;
      return null;
    end $$
  `.execute(db);
  await sql`
    create trigger streams_recounted after update on streams
    referencing new table as added old table as removed
    for each statement execute function count_changed_streams()
  `.execute(db);
}
