import { ProblemError } from "../../contracts/errors.ts";
import { uuidv7 } from "../../contracts/id.ts";

export const EXPORT_KINDS = ["usage", "streams", "activity"] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

export const EXPORT_FORMATS = ["csv", "ndjson"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Why there will be no file. */
export type ExportFailure = "storage_full" | "file_too_large" | "attempts_exhausted";

/** What one attempt has written so far; of a job that is ready, the file. */
export interface ExportProgress {
  readonly rows: number;
  readonly bytes: number;
  /** How many rows there may be, as the database's planner guesses; absent before it was asked. */
  readonly estimatedRows?: number;
}

/** A file that is asked for, being written, or there. */
export interface ExportJob extends ExportProgress {
  /** A UUIDv7. */
  readonly id: string;
  /** The principal who asked for it: nobody else of the tenant sees it. */
  readonly owner: string;
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  /** Rows of this time or later. */
  readonly from?: Date;
  /** Rows before this time. */
  readonly to?: Date;
  readonly status: "pending" | "ready" | "failed" | "expired";
  readonly failure?: ExportFailure;
  /** Attempts that were begun. */
  readonly attempts: number;
  /** Of the latest lease; each writes to a file of its own. */
  readonly epoch: number;
  /** Of the file, in hex. */
  readonly sha256?: string;
  readonly createdAt: Date;
  readonly finishedAt?: Date;
  readonly expiresAt: Date;
}

/** What a consumer asked for. */
export type NewExportJob = Pick<
  ExportJob,
  "id" | "owner" | "kind" | "format" | "from" | "to" | "createdAt" | "expiresAt"
>;

/** The status at a time: an export is past its retention whether or not its file is gone by then. */
export function statusAt({ status, expiresAt }: ExportJob, at: Date): ExportJob["status"] {
  return expiresAt <= at ? "expired" : status;
}

/** Something that happened to an export. */
export interface ExportAuditRecord {
  /** A UUIDv7. */
  readonly id: string;
  readonly event: "export.requested" | "export.downloaded" | "export.expired";
  /** The principal, `link` for who followed a signed link, or `system`. */
  readonly actor: string;
  readonly details: Readonly<Record<string, string | number>>;
  readonly recordedAt: Date;
}

/** What is told of a job that was just asked for. */
export function requestedRecord({
  owner,
  kind,
  format,
  createdAt,
}: NewExportJob): ExportAuditRecord {
  return {
    id: uuidv7(createdAt.getTime()),
    event: "export.requested",
    actor: owner,
    details: { kind, format },
    recordedAt: createdAt,
  };
}

/** The tenant has as many exports waiting as it may. */
export function exportBacklogFull(): ProblemError {
  return new ProblemError("backlog_full", "Too many exports of the tenant wait to be written.", {
    headers: { "retry-after": "30" },
  });
}
