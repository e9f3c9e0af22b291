import type { ExportFormat, ExportJob } from "@orrery/common/repositories/export/export-job";

/**
 * Where an attempt writes its file: none writes to another's, so that one which lost its lease can
 * spoil nothing.
 */
export function exportKey(
  tenantId: string,
  { id, format }: Pick<ExportJob, "id" | "format">,
  epoch: number,
): string {
  return `exports/${tenantId}/${id}-${epoch}.${format}`;
}

/** Every key that an attempt may have written to, up to that of `epoch`. */
export function exportKeys(
  tenantId: string,
  job: Pick<ExportJob, "id" | "format">,
  epoch: number,
): string[] {
  return Array.from({ length: epoch }, (_, index) => exportKey(tenantId, job, index + 1));
}

/** What the file is called by who downloads it. */
export function fileNameOf({
  kind,
  id,
  format,
}: Pick<ExportJob, "kind" | "id" | "format">): string {
  return `${kind}-${id}.${format}`;
}

const CONTENT_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: "text/csv; charset=utf-8; header=present",
  ndjson: "application/x-ndjson; charset=utf-8",
};

export function contentTypeOf({ format }: Pick<ExportJob, "format">): string {
  return CONTENT_TYPES[format];
}
