import { type Kysely, sql } from "kysely";
import { createSystemRole, grantAcrossTenants } from "./system-roles.ts";
import { forceRowSecurity } from "./tenant-isolation.ts";

/** How far the chain's events are read, what of them is lost, and what could not be applied. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createSystemRole(db, "orrery_indexer");
  await sql`grant orrery_indexer to orrery_catalog`.execute(db);
  await sql`grant update (verified) on token_burns to orrery_request`.execute(db);
  // What the platform follows, in no tenant's table.
  await sql`
    create table indexer_positions (
      contract_id text collate "C" primary key,
      cursor text,
      ledger bigint not null,
      updated_at timestamptz not null default now(),
      lease_holder uuid,
      lease_ends_at timestamptz not null default '-infinity'
    )
  `.execute(db);
  await sql`
    create table indexer_gaps (
      contract_id text collate "C" not null,
      from_ledger bigint not null,
      to_ledger bigint not null,
      found_at timestamptz(3) not null default now(),
      primary key (contract_id, from_ledger)
    )
  `.execute(db);
  await sql`
    create table rejected_events (
      tenant_id text collate "C" not null,
      event_id text collate "C" not null,
      source text not null check (source in ('indexer', 'internal')),
      event jsonb not null,
      code text not null,
      detail text not null,
      rejections integer not null default 1,
      rejected_at timestamptz(3) not null default now(),
      primary key (tenant_id, event_id)
    )
  `.execute(db);
  await sql`create index rejected_events_order on rejected_events (rejected_at, event_id)`.execute(
    db,
  );
  const indexer = "orrery_indexer";
  await sql`grant select, insert, update on indexer_positions to orrery_indexer`.execute(db);
  await sql`grant select, insert, delete on indexer_gaps to orrery_indexer`.execute(db);
  await forceRowSecurity(db, "rejected_events");
  await grantAcrossTenants(db, {
    table: "rejected_events",
    role: indexer,
    privileges: "select, insert, update, delete",
  });
}
