import { type Kysely, sql } from "kysely";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** Which vault a user pays from, which address an API's earnings go to, and each usage event. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table vaults (
      tenant_id text collate "C" not null,
      user_id text collate "C" not null,
      contract_id text not null,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (tenant_id, user_id)
    )
  `.execute(db);
  await sql`
    create table registered_apis (
      tenant_id text collate "C" not null,
      api_id text collate "C" not null,
      name text not null,
      payout_address text not null,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      primary key (tenant_id, api_id)
    )
  `.execute(db);
  await sql`
    create table usage_events (
      tenant_id text collate "C" not null,
      request_id text collate "C" not null,
      id uuid not null,
      fingerprint bytea not null,
      user_id text collate "C" not null,
      api_id text collate "C" not null,
      endpoint_id text collate "C" not null,
      api_key_id text collate "C" not null,
      amount_usdc numeric(20, 7) not null check (amount_usdc > 0),
      status text not null default 'pending' check (status in ('pending', 'confirmed', 'failed')),
      failure_reason text,
      contract_error integer,
      stellar_tx_hash text,
      ledger bigint,
      created_at timestamptz(3) not null,
      settled_at timestamptz(3),
      primary key (tenant_id, request_id),
      constraint usage_events_id_unique unique (tenant_id, id)
    )
  `.execute(db);
  await createUsageIndexes(db);
  for (const table of ["vaults", "registered_apis", "usage_events"]) {
    await enableTenantIsolation(db, table);
  }
}

/** What the usage list walks, newest first; what is not confirmed is few, whatever the table holds. */
async function createUsageIndexes(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index usage_events_newest on usage_events (tenant_id, created_at desc, id desc)
  `.execute(db);
  await sql`
    create index usage_events_of_user on usage_events (tenant_id, user_id, created_at desc, id desc)
  `.execute(db);
  await sql`
    create index usage_events_of_api on usage_events (tenant_id, api_id, created_at desc, id desc)
  `.execute(db);
  await sql`
    create index usage_events_unsettled
    on usage_events (tenant_id, status, created_at desc, id desc) where status <> 'confirmed'
  `.execute(db);
}
