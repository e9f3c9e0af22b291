import type { KeyedRecord, RecordKey } from "../cutover/record-side.ts";
import { SortedKeys } from "../cutover/sorted-keys.ts";
import type { MemorySide } from "../cutover/store-cutover.ts";
import type { ExportAuditRecord, ExportJob } from "../export/export-job.ts";
import type { TenantMap } from "../tenant-map.memory.ts";
import {
  auditKey,
  auditPlace,
  type ExportRecord,
  isAudit,
  isJob,
  jobKey,
} from "./export-records.ts";

/** As the memory adapter keeps it. */
export interface MemoryExportRow {
  readonly job: ExportJob;
  readonly dueAtMs: number;
  readonly leaseUntilMs: number;
  readonly audit: readonly ExportAuditRecord[];
}

/** The rows of a memory adapter of exports, as records. */
export class MemoryExportRecords implements MemorySide<ExportRecord> {
  readonly #rows: TenantMap<MemoryExportRow>;
  readonly #keys: SortedKeys;

  constructor(rows: TenantMap<MemoryExportRow>) {
    this.#rows = rows;
    this.#keys = new SortedKeys(() => this.#allKeys());
  }

  async listKeys(after: RecordKey | undefined, limit: number): Promise<readonly RecordKey[]> {
    return this.#keys.after(after, limit);
  }

  async read(keys: readonly RecordKey[]): Promise<readonly (ExportRecord | undefined)[]> {
    return keys.map((key) => {
      if (key.kind === "job") return recordOf(this.#rows.get(key.tenantId, key.id));
      const { exportId, recordId } = auditPlace(key);
      return this.#rows.get(key.tenantId, exportId)?.audit.find(({ id }) => id === recordId);
    });
  }

  /** Jobs first: an audit record is kept with its job. */
  async write(records: readonly KeyedRecord<ExportRecord>[]): Promise<void> {
    for (const { key, record } of records) {
      if (record === undefined) this.#rows.delete(key.tenantId, key.id);
      else if (isJob(record)) {
        const { job, dueAtMs, leaseUntilMs = Number.NEGATIVE_INFINITY } = record;
        const audit = this.#rows.get(key.tenantId, key.id)?.audit ?? [];
        this.#rows.set(key.tenantId, key.id, { job, dueAtMs, leaseUntilMs, audit });
      }
    }
    for (const { key, record } of records) {
      if (record !== undefined && isAudit(record)) this.#append(key, record);
    }
  }

  clear(): void {
    this.#rows.clear();
  }

  #append(key: RecordKey, record: ExportAuditRecord): void {
    const { exportId } = auditPlace(key);
    const row = this.#rows.get(key.tenantId, exportId);
    if (row === undefined) throw new Error(`there is no export ${exportId}`);
    if (row.audit.some(({ id }) => id === record.id)) return;
    this.#rows.set(key.tenantId, exportId, { ...row, audit: [...row.audit, record] });
  }

  #allKeys(): RecordKey[] {
    return this.#rows
      .tenantIds()
      .flatMap((tenantId) =>
        this.#rows
          .values(tenantId)
          .flatMap(({ job, audit }) => [
            jobKey(tenantId, job.id),
            ...audit.map(({ id }) => auditKey(tenantId, job.id, id)),
          ]),
      );
  }
}

function recordOf(row: MemoryExportRow | undefined): ExportRecord | undefined {
  if (row === undefined) return undefined;
  const { job, dueAtMs, leaseUntilMs } = row;
  return { job, dueAtMs, ...(Number.isFinite(leaseUntilMs) && { leaseUntilMs }) };
}
