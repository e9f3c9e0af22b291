import type { ColumnType } from "kysely";
import type { DefaultedTimestamp, Exact, Timestamp } from "../tables.ts";
import type { ExportAuditRecord, ExportJob } from "./export-job.ts";

/** Filled by the database when left out. */
type Defaulted<Value> = ColumnType<Value, Value | undefined, Value>;

export interface ExportJobsTable {
  tenant_id: string;
  id: string;
  owner: string;
  kind: ExportJob["kind"];
  format: ExportJob["format"];
  from_at: Timestamp | null;
  to_at: Timestamp | null;
  status: Defaulted<ExportJob["status"]>;
  failure: NonNullable<ExportJob["failure"]> | null;
  attempts: Defaulted<number>;
  lease_epoch: Defaulted<number>;
  lease_owner: string | null;
  lease_until: DefaultedTimestamp;
  due_at: Timestamp;
  row_count: ColumnType<string, undefined, number>;
  byte_count: ColumnType<string, undefined, number>;
  estimated_row_count: Exact | null;
  sha256: string | null;
  created_at: Timestamp;
  finished_at: Timestamp | null;
  expires_at: Timestamp;
}

export interface ExportAuditTable {
  tenant_id: string;
  export_id: string;
  id: string;
  event: ExportAuditRecord["event"];
  actor: string;
  details: ColumnType<ExportAuditRecord["details"], string, never>;
  recorded_at: Timestamp;
}
