import { encodeTimeCursor, type TimePosition } from "@orrery/common/contracts/keyset-page";
import type { ExportJob } from "@orrery/common/repositories/export/export-job";
import type { ExportAuditPage } from "@orrery/common/repositories/export/export-repository";
import type { Static } from "typebox";
import { fileNameOf } from "./export-files.ts";
import type { ExportLink } from "./export-links.ts";
import type { ExportAuditReply, ExportReply } from "./exports.schemas.ts";

/** `origin`: where the consumer reaches the gateway. */
export function exportReply(
  job: ExportJob,
  link: ExportLink | undefined,
  origin: string,
): Static<typeof ExportReply> {
  return {
    id: job.id,
    kind: job.kind,
    format: job.format,
    ...timeOf("from", job.from),
    ...timeOf("to", job.to),
    status: job.status,
    ...(job.failure === undefined ? {} : { failureCode: job.failure }),
    progressPercent: progressOf(job),
    rows: job.rows,
    bytes: job.bytes,
    fileName: fileNameOf(job),
    ...(job.sha256 === undefined ? {} : { sha256: job.sha256 }),
    ...(link === undefined ? {} : { signedUrl: `${origin}${link.path}` }),
    ...timeOf("signedUrlExpiresAt", link?.expiresAt),
    createdAt: job.createdAt.toISOString(),
    ...timeOf("finishedAt", job.finishedAt),
    expiresAt: job.expiresAt.toISOString(),
  };
}

/** The estimate is a guess: what is pending is never called whole. */
function progressOf({ sha256, rows, estimatedRows = 0 }: ExportJob): number {
  if (sha256 !== undefined) return 100;
  if (estimatedRows === 0) return 0;
  return Math.min(99, Math.floor((rows / estimatedRows) * 100));
}

export function exportAuditReply(
  { records, hasNext, total }: ExportAuditPage,
  limit: number,
): Static<typeof ExportAuditReply> {
  const last = records.at(-1);
  const nextCursor = cursorAfter(hasNext, last && { at: last.recordedAt, id: last.id });
  return {
    data: records.map(({ id, event, actor, details, recordedAt }) => ({
      id,
      event,
      actor,
      details: { ...details },
      recordedAt: recordedAt.toISOString(),
    })),
    meta: { limit, hasNext, nextCursor, total },
  };
}

export function cursorAfter(hasNext: boolean, last: TimePosition | undefined): string | null {
  return hasNext && last !== undefined ? encodeTimeCursor(last) : null;
}

function timeOf<Name extends string>(name: Name, at: Date | undefined) {
  return (at === undefined ? {} : { [name]: at.toISOString() }) as { [key in Name]?: string };
}
