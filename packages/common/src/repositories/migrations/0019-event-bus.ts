import { type Kysely, sql } from "kysely";
import { grantAcrossTenants } from "./system-roles.ts";
import { forceRowSecurity } from "./tenant-isolation.ts";

/** What the event bus is filled from, what consumers have applied, and what they could not. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLog(db);
  await createConsumerTables(db);
  await letRejectedEventsWait(db);
}

async function createLog(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table event_topics (topic text collate "C" primary key, position bigint not null)
  `.execute(db);
  await sql`grant select, insert, update on event_topics to orrery_relay`.execute(db);
  await sql`
    create table event_log (
      tenant_id text collate "C" not null,
      topic text collate "C" not null,
      position bigint not null,
      event_id uuid not null,
      payload jsonb not null,
      occurred_at timestamptz(3) not null,
      logged_at timestamptz not null default clock_timestamp(),
      primary key (tenant_id, topic, position)
    )
  `.execute(db);
  await sql`create index event_log_order on event_log (topic, position)`.execute(db);
  await forceRowSecurity(db, "event_log");
  await grantAcrossTenants(db, {
    table: "event_log",
    role: "orrery_relay",
    privileges: "select, insert, delete",
  });
}

async function createConsumerTables(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table applied_events (
      tenant_id text collate "C" not null,
      consumer_group text collate "C" not null,
      event_id uuid not null,
      applied_at timestamptz not null default clock_timestamp(),
      primary key (tenant_id, consumer_group, event_id)
    )
  `.execute(db);
  await sql`create index applied_events_order on applied_events (applied_at)`.execute(db);
  await sql`
    create table dead_letters (
      tenant_id text collate "C" not null,
      consumer_group text collate "C" not null,
      event_id uuid not null,
      type text not null,
      payload jsonb not null,
      occurred_at timestamptz(3) not null,
      detail text not null,
      deliveries integer not null,
      buried_at timestamptz(3) not null default clock_timestamp(),
      primary key (tenant_id, consumer_group, event_id)
    )
  `.execute(db);
  await sql`create index dead_letters_order on dead_letters (buried_at, event_id)`.execute(db);
  for (const [table, privileges] of [
    ["applied_events", "select, insert, delete"],
    ["dead_letters", "select, insert, update, delete"],
  ] as const) {
    await forceRowSecurity(db, table);
    await grantAcrossTenants(db, { table, role: "orrery_indexer", privileges });
  }
}

/** What a rejected event lacks, and when it is tried again by itself. */
async function letRejectedEventsWait(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table rejected_events add column wants text collate "C", add column retry_at timestamptz
  `.execute(db);
  await sql`
    create index rejected_events_wants on rejected_events (tenant_id, wants)
    where wants is not null
  `.execute(db);
  await sql`
    create index rejected_events_retry on rejected_events (retry_at) where retry_at is not null
  `.execute(db);
  await grantAcrossTenants(db, {
    table: "tokens",
    role: "orrery_indexer",
    privileges: "select (tenant_id, id, address)",
  });
}
