import type { RecordKey } from "../cutover/record-side.ts";
import type { ExportAuditRecord, ExportJob } from "../export/export-job.ts";

/** A job with what its lease is made of. Times in milliseconds since the epoch. */
export interface ExportJobRecord {
  readonly job: ExportJob;
  readonly dueAtMs: number;
  /** Absent: nobody has it. */
  readonly leaseUntilMs?: number;
}

/** What exports are kept as: the kind of its key says which it is. */
export type ExportRecord = ExportJobRecord | ExportAuditRecord;

export const isJob = (record: ExportRecord): record is ExportJobRecord => "job" in record;
export const isAudit = (record: ExportRecord): record is ExportAuditRecord => "actor" in record;

export const jobKey = (tenantId: string, id: string): RecordKey => ({ kind: "job", tenantId, id });

export const auditKey = (tenantId: string, exportId: string, id: string): RecordKey => ({
  // Behind every job in the order of keys: a record is kept with its job.
  kind: "job-audit",
  tenantId,
  id: `${exportId}|${id}`,
});

/** The export and the audit record in a key. */
export function auditPlace({ id }: RecordKey): { exportId: string; recordId: string } {
  const [exportId = "", recordId = ""] = id.split("|");
  return { exportId, recordId };
}
