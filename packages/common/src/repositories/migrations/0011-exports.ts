import { type Kysely, sql } from "kysely";
import { createSystemRole, grantAcrossTenants } from "./system-roles.ts";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** Exports, and what became of each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createJobs(db);
  await createAudit(db);
  await createSystemRole(db, "orrery_exporter");
  // What was asked for never changes: who asked, for what, until when.
  const progress =
    "status, failure, attempts, lease_epoch, lease_owner, lease_until, due_at, " +
    "row_count, byte_count, estimated_row_count, sha256, finished_at";
  await grantAcrossTenants(db, {
    table: "export_jobs",
    role: "orrery_exporter",
    privileges: `select, update (${progress})`,
  });
  await grantAcrossTenants(db, {
    table: "export_audit",
    role: "orrery_exporter",
    privileges: "insert",
    rows: "event = 'export.expired'",
  });
}

async function createJobs(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table export_jobs (
      tenant_id text collate "C" not null,
      id uuid not null,
      owner text collate "C" not null,
      kind text not null check (kind in ('usage', 'streams', 'activity')),
      format text not null check (format in ('csv', 'ndjson')),
      from_at timestamptz(3),
      to_at timestamptz(3),
      status text not null default 'pending'
        check (status in ('pending', 'ready', 'failed', 'expired')),
      failure text check (failure in ('storage_full', 'file_too_large', 'attempts_exhausted')),
      attempts integer not null default 0,
      lease_epoch integer not null default 0,
      lease_owner text,
      lease_until timestamptz not null default '-infinity',
      due_at timestamptz not null,
      row_count bigint not null default 0,
      byte_count bigint not null default 0,
      estimated_row_count bigint,
      sha256 text,
      created_at timestamptz(3) not null,
      finished_at timestamptz(3),
      expires_at timestamptz(3) not null,
      primary key (tenant_id, id),
      constraint export_jobs_file_whole check ((status = 'ready') <= (sha256 is not null)),
      constraint export_jobs_failure_told check ((status = 'failed') <= (failure is not null))
    ) with (fillfactor = 70)
  `.execute(db);
  await sql`
    create index export_jobs_of_owner on export_jobs (tenant_id, owner, created_at desc, id desc)
  `.execute(db);
  await sql`
    create index export_jobs_pending on export_jobs (tenant_id, due_at) where status = 'pending'
  `.execute(db);
  await sql`
    create index export_jobs_kept on export_jobs (expires_at) where status <> 'expired'
  `.execute(db);
  await enableTenantIsolation(db, "export_jobs", ["select", "insert"]);
}

/** Append-only for everyone, the owner included; what happens once to an export is told once. */
async function createAudit(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table export_audit (
      tenant_id text collate "C" not null,
      export_id uuid not null,
      id uuid not null,
      event text not null
        check (event in ('export.requested', 'export.downloaded', 'export.expired')),
      actor text not null,
      details jsonb not null,
      recorded_at timestamptz(3) not null,
      primary key (tenant_id, export_id, id),
      constraint export_audit_of_export
        foreign key (tenant_id, export_id) references export_jobs (tenant_id, id)
    )
  `.execute(db);
  await sql`
    create unique index export_audit_once
    on export_audit (tenant_id, export_id, event) where event <> 'export.downloaded'
  `.execute(db);
  await sql`
    create index export_audit_listed on export_audit (tenant_id, export_id, recorded_at, id)
  `.execute(db);
  await enableTenantIsolation(db, "export_audit", ["select", "insert"]);
  await sql`
    create function refuse_export_audit_change() returns trigger language plpgsql as $$
    begin
      raise insufficient_privilege using message = 'export_audit is append-only';
    end $$
  `.execute(db);
  await sql`
    create trigger export_audit_append_only before update or delete on export_audit
    for each statement execute function refuse_export_audit_change()
  `.execute(db);
}
