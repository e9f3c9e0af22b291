import type { IncomingMessage } from "node:http";
import { ProblemError } from "@orrery/common/contracts/errors";
import { discardRest } from "../proxy/request-body.ts";

/** More than any call may have; its service refuses those that have more. */
const MAX_ENTRIES = 100;
const JSON_TYPE = /^application\/json\b/i;
const BYTE_ORDER_MARK = /^\uFEFF/;

/**
 * How many entries a bulk call brings: 1 … 100, and 1 for what no service would take. The body is read
 * to its end and put back, so that it can be passed on as if nobody had looked.
 * @throws {ProblemError} payload_too_large; invalid_request when it breaks off, or had before
 */
export async function countEntries(raw: IncomingMessage, maxBytes: number): Promise<number> {
  const { headers } = raw;
  const isEmpty = headers["content-length"] === "0";
  const hasBody = headers["content-length"] !== undefined || "transfer-encoding" in headers;
  if (!hasBody || isEmpty || !JSON_TYPE.test(headers["content-type"] ?? "")) return 1;
  const body = await lookAhead(raw, maxBytes);
  if (body === undefined) {
    // Unread it would keep the connection's next request from coming.
    discardRest(raw);
    throw new ProblemError("payload_too_large", `A body is at most ${maxBytes} bytes.`);
  }
  return Math.min(Math.max(1, entriesIn(body)), MAX_ENTRIES);
}

function entriesIn(body: Buffer): number {
  try {
    // Services take a byte order mark off before they read.
    const text = body.toString().replace(BYTE_ORDER_MARK, "");
    const { entries } = JSON.parse(text) as { entries?: unknown };
    return Array.isArray(entries) ? entries.length : 1;
  } catch {
    return 1;
  }
}

/** All of a body, which afterwards is still to be read; undefined when it is larger. */
function lookAhead(raw: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  let bytes = 0;
  const onReadable = () => {
    for (let chunk = read(raw); chunk !== null; chunk = read(raw)) {
      chunks.push(chunk);
      bytes += chunk.length;
    }
    if (bytes > maxBytes) return resolve(undefined);
    if (!raw.complete) return undefined;
    const body = Buffer.concat(chunks, bytes);
    // In the same turn as the last read: the stream ends in the next one, unless it has something left.
    if (bytes > 0) raw.unshift(body);
    return resolve(body);
  };
  const onBroken = () =>
    reject(new ProblemError("invalid_request", "The body broke off before its end."));
  // One that broke off before is silent.
  if (raw.destroyed) onBroken();
  raw.on("readable", onReadable).on("close", onBroken).on("error", onBroken);
  return promise.finally(() =>
    raw.off("readable", onReadable).off("close", onBroken).off("error", onBroken),
  );
}

function read(raw: IncomingMessage): Buffer | null {
  return raw.read() as Buffer | null;
}
