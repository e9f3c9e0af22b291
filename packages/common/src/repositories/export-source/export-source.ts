import type { ExportFormat, ExportKind, ExportProgress } from "../export/export-job.ts";

/** Which rows are wanted, and how they are written. */
export interface ExportRequest {
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  /** Rows of this time or later. */
  readonly from?: Date;
  /** Rows before this time. */
  readonly to?: Date;
}

/**
 * The content of an export's file, as whole lines; each piece is good until the next is asked for.
 * To be gone through once.
 */
export interface ExportContent extends AsyncIterable<Uint8Array> {
  /** What was given so far. */
  readonly progress: ExportProgress;
}

/**
 * The rows of a tenant as a file: one moment's, oldest first, equal times by id compared byte by byte.
 * CSV has a header and lines that end in CRLF (RFC 4180), its text cells begin with `'` where a
 * spreadsheet would run them; NDJSON has an object a line. Memory does not grow with the rows.
 */
export interface ExportSource {
  /** Nothing is read before the first piece is asked for; ends with the signal's reason. */
  read(tenantId: string, request: ExportRequest, signal: AbortSignal): ExportContent;
}
