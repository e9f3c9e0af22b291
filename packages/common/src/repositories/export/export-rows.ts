import type { Insertable, Selectable } from "kysely";
import type { ExportAuditRecord, ExportJob, NewExportJob } from "./export-job.ts";
import type { ExportAuditTable, ExportJobsTable } from "./export-tables.ts";

export function exportJobOf(row: Selectable<ExportJobsTable>): ExportJob {
  return {
    id: row.id,
    owner: row.owner,
    kind: row.kind,
    format: row.format,
    status: row.status,
    attempts: row.attempts,
    epoch: row.lease_epoch,
    rows: Number(row.row_count),
    bytes: Number(row.byte_count),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.from_at === null ? {} : { from: row.from_at }),
    ...(row.to_at === null ? {} : { to: row.to_at }),
    ...(row.failure === null ? {} : { failure: row.failure }),
    ...(row.estimated_row_count === null ? {} : { estimatedRows: Number(row.estimated_row_count) }),
    ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
  };
}

export function newExportRow(tenantId: string, job: NewExportJob): Insertable<ExportJobsTable> {
  return {
    tenant_id: tenantId,
    id: job.id,
    owner: job.owner,
    kind: job.kind,
    format: job.format,
    from_at: job.from ?? null,
    to_at: job.to ?? null,
    created_at: job.createdAt,
    due_at: job.createdAt,
    expires_at: job.expiresAt,
  };
}

export function exportAuditRecordOf(row: Selectable<ExportAuditTable>): ExportAuditRecord {
  const { id, event, actor, details, recorded_at: recordedAt } = row;
  return { id, event, actor, details, recordedAt };
}

export function exportAuditRow(
  tenantId: string,
  exportId: string,
  { id, event, actor, details, recordedAt }: ExportAuditRecord,
): Insertable<ExportAuditTable> {
  return {
    tenant_id: tenantId,
    export_id: exportId,
    id,
    event,
    actor,
    details: JSON.stringify(details),
    recorded_at: recordedAt,
  };
}
