import { type Kysely, sql } from "kysely";
import { createSystemRole, grantAcrossTenants } from "./system-roles.ts";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** Tokens and burns, the scores that boards read, and pools with their counters. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createSystemRole(db, "orrery_scorer");
  await createSystemRole(db, "orrery_public");
  await createTokens(db);
  await createScores(db);
  await createPools(db);
  await isolate(db);
}

async function createTokens(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table tokens (
      tenant_id text collate "C" not null,
      address text collate "C" not null,
      id uuid not null,
      name text collate "C" not null,
      symbol text not null,
      search_text text collate "C" not null,
      decimals smallint not null,
      total_supply numeric(39, 0) not null check (total_supply >= 0),
      total_burned numeric(39, 0) not null default 0,
      burn_count bigint not null default 0,
      metadata_uri text,
      listed boolean not null,
      created_at timestamptz(3) not null,
      primary key (tenant_id, address)
    )
  `.execute(db);
  await sql`create index tokens_newest on tokens (tenant_id, created_at desc, address)`.execute(db);
  await sql`
    create index tokens_newest_listed on tokens (created_at desc, address, tenant_id) where listed
  `.execute(db);
  await sql`create index tokens_supply on tokens (tenant_id, total_supply desc, address)`.execute(
    db,
  );
  await sql`
    create index tokens_supply_listed on tokens (total_supply desc, address, tenant_id) where listed
  `.execute(db);
  await sql`
    create table token_burns (
      tenant_id text collate "C" not null,
      token_address text collate "C" not null,
      tx_hash text collate "C" not null,
      event_index integer not null,
      id uuid not null,
      from_address text not null,
      amount numeric(39, 0) not null check (amount > 0),
      burned_by text collate "C" not null,
      is_admin_burn boolean not null,
      verified boolean not null,
      burned_at timestamptz(3) not null,
      created_at timestamptz(3) not null,
      primary key (tenant_id, token_address, tx_hash, event_index),
      constraint token_burns_token_fkey
        foreign key (tenant_id, token_address) references tokens (tenant_id, address)
    )
  `.execute(db);
}

async function createScores(db: Kysely<unknown>): Promise<void> {
  // A burn's way through the windows. Stages: 0 its time has not come, or no one has counted it;
  // 1 in 24h, 7d, 30d and all; 2 in 7d, 30d and all; 3 in 30d and all; then the row goes.
  await sql`
    create table burn_windows (
      tenant_id text collate "C" not null,
      token_address text collate "C" not null,
      tx_hash text collate "C" not null,
      event_index integer not null,
      burned_by text collate "C" not null,
      amount numeric(39, 0) not null,
      listed boolean not null,
      burned_at timestamptz not null,
      stage smallint not null default 0,
      due_at timestamptz not null,
      primary key (tenant_id, token_address, tx_hash, event_index)
    )
  `.execute(db);
  await sql`create index burn_windows_due on burn_windows (stage, due_at)`.execute(db);
  await sql`create index burn_windows_due_tenant on burn_windows (tenant_id, stage, due_at)`.execute(
    db,
  );
  // A burner counts while the last of his burns of the token does; stage 4 stays in "all" for good.
  await sql`
    create table burner_windows (
      tenant_id text collate "C" not null,
      token_address text collate "C" not null,
      burned_by text collate "C" not null,
      last_burned_at timestamptz not null,
      stage smallint not null default 0,
      due_at timestamptz not null,
      primary key (tenant_id, token_address, burned_by)
    )
  `.execute(db);
  await sql`create index burner_windows_due on burner_windows (due_at) where due_at < 'infinity'`.execute(
    db,
  );
  await sql`
    create table token_scores (
      tenant_id text collate "C" not null,
      period text collate "C" not null check (period in ('24h', '7d', '30d', 'all')),
      token_address text collate "C" not null,
      listed boolean not null,
      amount numeric(39, 0) not null,
      burn_count bigint not null,
      burner_count bigint not null default 0,
      primary key (tenant_id, period, token_address)
    )
  `.execute(db);
  for (const score of ["amount", "burn_count", "burner_count"]) {
    const column = sql.id(score);
    await sql`
      create index ${sql.id(`token_scores_${score}`)} on token_scores
        (tenant_id, period, ${column} desc, token_address) where burn_count > 0
    `.execute(db);
    await sql`
      create index ${sql.id(`token_scores_${score}_listed`)} on token_scores
        (period, ${column} desc, token_address, tenant_id) where burn_count > 0 and listed
    `.execute(db);
  }
}

async function createPools(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table pools (
      tenant_id text collate "C" not null,
      pool_id text collate "C" not null,
      name text not null,
      category text collate "C" not null,
      token text not null,
      end_time timestamptz(3) not null,
      status text not null default 'active' check (status in ('active', 'closed', 'settled')),
      outcome text,
      staked_stroops numeric(39, 0) not null check (staked_stroops >= 0),
      prediction_count bigint not null default 0,
      created_at timestamptz(3) not null,
      closed_at timestamptz(3),
      settled_at timestamptz(3),
      primary key (tenant_id, pool_id),
      constraint pools_pool_id_unique unique (pool_id)
    )
  `.execute(db);
  await sql`
    create table pool_events (
      tenant_id text collate "C" not null,
      event_id text collate "C" not null,
      pool_id text collate "C" not null,
      type text not null,
      fingerprint bytea not null,
      recorded_at timestamptz(3) not null,
      primary key (tenant_id, event_id)
    )
  `.execute(db);
  await sql`
    create table predictions (
      tenant_id text collate "C" not null,
      event_id text collate "C" not null,
      pool_id text collate "C" not null,
      user_address text not null,
      outcome text not null,
      amount_stroops numeric(39, 0) not null check (amount_stroops > 0),
      placed_at timestamptz(3) not null,
      primary key (tenant_id, event_id),
      constraint predictions_pool_fkey
        foreign key (tenant_id, pool_id) references pools (tenant_id, pool_id)
    )
  `.execute(db);
  // The platform's sums, no tenant's rows. Slots spread the writers of one category.
  await sql`
    create table pool_counters (
      category text collate "C" not null,
      status text not null check (status in ('active', 'closed', 'settled')),
      slot smallint not null,
      staked_stroops numeric(39, 0) not null default 0,
      prediction_count bigint not null default 0,
      pool_count bigint not null default 0,
      primary key (category, status, slot)
    )
  `.execute(db);
}

async function isolate(db: Kysely<unknown>): Promise<void> {
  await enableTenantIsolation(db, "tokens");
  await enableTenantIsolation(db, "token_burns", ["select", "insert"]);
  await enableTenantIsolation(db, "burn_windows", ["select", "insert"]);
  await enableTenantIsolation(db, "burner_windows", ["select"]);
  await enableTenantIsolation(db, "token_scores", ["select"]);
  await enableTenantIsolation(db, "pools");
  await enableTenantIsolation(db, "pool_events", ["select", "insert"]);
  await enableTenantIsolation(db, "predictions", ["select", "insert"]);
  await sql`grant select, insert, update on pool_counters to orrery_request`.execute(db);

  const scorer = "orrery_scorer";
  await grantAcrossTenants(db, {
    table: "burn_windows",
    role: scorer,
    privileges: "select, update, delete",
  });
  await grantAcrossTenants(db, {
    table: "burner_windows",
    role: scorer,
    privileges: "select, insert, update",
  });
  await grantAcrossTenants(db, {
    table: "token_scores",
    role: scorer,
    privileges: "select, insert, update",
  });

  const reader = "orrery_public";
  const publicTokenFields =
    "select (tenant_id, address, name, symbol, decimals, total_supply, total_burned, burn_count, metadata_uri, listed, created_at)";
  await grantAcrossTenants(db, {
    table: "tokens",
    role: reader,
    privileges: publicTokenFields,
    rows: "listed",
  });
  await grantAcrossTenants(db, {
    table: "token_scores",
    role: reader,
    privileges: "select",
    rows: "listed",
  });
  await grantAcrossTenants(db, {
    table: "burn_windows",
    role: reader,
    privileges: "select (stage, due_at, listed)",
    rows: "listed",
  });
  await grantAcrossTenants(db, { table: "pools", role: reader, privileges: "select" });
  await sql`grant select on pool_counters to orrery_public`.execute(db);
}
