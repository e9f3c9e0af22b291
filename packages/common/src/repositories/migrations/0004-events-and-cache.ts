import { type Kysely, sql } from "kysely";
import { createSystemRole, grantAcrossTenants } from "./system-roles.ts";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** The queue of what writes announce, and the generation of every cache topic. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createSystemRole(db, "orrery_relay");
  await sql`
    create table outbox (
      tenant_id text collate "C" not null,
      sequence bigint generated always as identity,
      event_id uuid not null,
      type text not null,
      payload jsonb not null,
      topics text[] not null,
      occurred_at timestamptz(3) not null,
      queued_at timestamptz not null default clock_timestamp(),
      primary key (tenant_id, sequence)
    ) with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)
  `.execute(db);
  await sql`create index outbox_order on outbox (sequence)`.execute(db);
  await enableTenantIsolation(db, "outbox", ["select", "insert"]);
  await grantAcrossTenants(db, {
    table: "outbox",
    role: "orrery_relay",
    privileges: "select, delete",
  });

  // One sequence for all topics, so that a generation is never seen twice.
  await sql`create sequence cache_generation_sequence`.execute(db);
  await sql`
    create table cache_generations (
      topic text collate "C" primary key,
      generation bigint not null
    )
  `.execute(db);
  await sql`create index cache_generations_order on cache_generations (generation)`.execute(db);
  await sql`grant select, insert, update on cache_generations to orrery_relay`.execute(db);
  await sql`grant usage on sequence cache_generation_sequence to orrery_relay`.execute(db);
}
