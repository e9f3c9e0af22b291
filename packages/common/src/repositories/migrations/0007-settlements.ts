import { type Kysely, sql } from "kysely";
import { createSystemRole, grantAcrossTenants } from "./system-roles.ts";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** How an API settles, what each vault is known to hold, and the settlements of aggregated usage. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table registered_apis
      add column settlement text not null default 'per_request'
        check (settlement in ('per_request', 'aggregated')),
      add column settle_every_seconds integer not null default 60
        check (settle_every_seconds between 1 and 86400),
      add column settle_at_usdc numeric(20, 7) check (settle_at_usdc > 0)
  `.execute(db);
  await alterUsageEvents(db);
  await createSettlements(db);
  // `for update` on one row per vault is what makes reservations of all instances take turns.
  await sql`
    create table vault_balances (
      tenant_id text collate "C" not null,
      vault_contract_id text collate "C" not null,
      balance_stroops bigint not null check (balance_stroops >= 0),
      ledger bigint not null,
      read_at timestamptz not null,
      primary key (tenant_id, vault_contract_id)
    ) with (fillfactor = 50)
  `.execute(db);
  await enableTenantIsolation(db, "settlements");
  await enableTenantIsolation(db, "vault_balances");
  await createSystemRole(db, "orrery_settler");
  await grantAcrossTenants(db, {
    table: "settlements",
    role: "orrery_settler",
    privileges: "select",
  });
}

/** `not valid`: what was allowed before is allowed still, so that no row needs to be looked at. */
async function alterUsageEvents(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table usage_events
      add column settlement_id uuid,
      drop constraint usage_events_status_check,
      add constraint usage_events_status_check
        check (status in ('pending', 'reserved', 'confirmed', 'failed')) not valid,
      add constraint usage_events_reserved_in_settlement
        check (status <> 'reserved' or settlement_id is not null) not valid
  `.execute(db);
  await sql`
    create index usage_events_of_settlement
    on usage_events (tenant_id, settlement_id) where settlement_id is not null
  `.execute(db);
}

async function createSettlements(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table settlements (
      tenant_id text collate "C" not null,
      id uuid not null,
      api_id text collate "C" not null,
      payee text not null,
      vault_contract_id text collate "C" not null,
      marker text not null,
      state text not null default 'open'
        check (state in ('open', 'settling', 'confirmed', 'failed')),
      event_count bigint not null check (event_count > 0),
      amount_stroops bigint not null check (amount_stroops > 0),
      opened_at timestamptz(3) not null,
      closes_at timestamptz(3) not null,
      closed_at timestamptz(3),
      settled_at timestamptz(3),
      tx_hash text,
      ledger bigint,
      failure_reason text,
      contract_error integer,
      failure_count integer not null default 0,
      retry_at timestamptz(3),
      primary key (tenant_id, id)
    ) with (fillfactor = 70)
  `.execute(db);
  await sql`
    create unique index settlements_one_open
    on settlements (tenant_id, api_id, payee, vault_contract_id) where state = 'open'
  `.execute(db);
  await sql`
    create index settlements_reserved
    on settlements (tenant_id, vault_contract_id) where state <> 'confirmed'
  `.execute(db);
  await sql`
    create index settlements_closing on settlements (closes_at) where state = 'open'
  `.execute(db);
  await sql`
    create index settlements_retrying on settlements (retry_at) where state = 'failed'
  `.execute(db);
  await sql`
    create index settlements_newest on settlements (tenant_id, opened_at desc, id desc)
  `.execute(db);
  await sql`
    create index settlements_of_api on settlements (tenant_id, api_id, opened_at desc, id desc)
  `.execute(db);
}
