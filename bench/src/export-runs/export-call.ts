import { get } from "node:http";
import { CONTEXT_HEADER } from "@orrery/common/http/signed-context";
import { waitUntil } from "@orrery/devstack/process/wait-until";
import type { BenchBilling } from "../world/billing.ts";
import { contextHeader } from "../world/billing-call.ts";

const READY_TIMEOUT_MS = 600_000;
const POLL_MS = 20;

interface ExportBody {
  readonly id: string;
  readonly status: string;
  readonly rows: number;
  readonly bytes: number;
  readonly signedUrl: string;
}

/** What one export came to: from the POST to the last byte of the file. */
export interface ExportRun {
  readonly rows: number;
  readonly bytes: number;
  readonly milliseconds: number;
  /** Of those, until the file was there. */
  readonly writtenMilliseconds: number;
}

/** Has all usage exported, waits for the file and reads it whole. @throws {Error} when that fails */
export async function exportUsage(
  billing: BenchBilling,
  format: "csv" | "ndjson",
): Promise<ExportRun> {
  const startMs = performance.now();
  const { id } = await call(billing, "POST", "/exports", { kind: "usage", format });
  let job = await call(billing, "GET", `/exports/${id}`);
  await waitUntil(
    "the export is ready",
    async () => {
      job = await call(billing, "GET", `/exports/${id}`);
      if (job.status === "failed") throw new Error(`the export failed: ${JSON.stringify(job)}`);
      return job.status === "ready";
    },
    { timeoutMs: READY_TIMEOUT_MS, intervalMs: POLL_MS },
  );
  const writtenMilliseconds = performance.now() - startMs;
  const bytes = await download(billing, job.signedUrl);
  if (bytes !== job.bytes) throw new Error(`${bytes} of ${job.bytes} bytes arrived`);
  return { rows: job.rows, bytes, writtenMilliseconds, milliseconds: performance.now() - startMs };
}

async function call(
  { url, contextKeys }: BenchBilling,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<ExportBody> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      [CONTEXT_HEADER]: contextHeader(contextKeys),
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as ExportBody;
}

/** Counts what comes and keeps nothing. */
function download({ contextKeys }: BenchBilling, url: string): Promise<number> {
  const headers = { [CONTEXT_HEADER]: contextHeader(contextKeys) };
  return new Promise((resolve, reject) => {
    const request = get(url, { headers }, (response) => {
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on("end", () => resolve(bytes));
      response.on("error", reject);
    });
    request.on("error", reject);
  });
}
