import type { IncomingMessage } from "node:http";
import { type Readable, Transform } from "node:stream";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { Operation } from "@orrery/common/contracts/operations";
import { BODY_LIMIT_BYTES } from "@orrery/common/http/service-app";

/** The rest of a body that was refused is read and forgotten up to this, so that the answer arrives. */
const MAX_DISCARDED_BYTES = 4 * 1024 * 1024;

/**
 * A body up to this is received before anything is sent: a slow caller then holds no connection to a
 * service, and the body can be sent again. A larger one passes through as it comes.
 */
const GATHERED_BYTES = 64 * 1024;

/** The caller went away: there is nobody left to answer. */
export class CallerGone extends Error {}

export interface BodyFraming {
  /** Undefined: in chunks. */
  readonly contentLength: string | undefined;
}

/**
 * How a request says that it brings a body; undefined when it brings none.
 * @throws {ProblemError} invalid_request, for a transfer coding that would be lost on the way
 */
export function bodyFramingOf({
  method,
  headers,
}: Pick<IncomingMessage, "method" | "headers">): BodyFraming | undefined {
  // Content of a GET has no meaning (RFC 9110, 9.3.1), and is not passed on.
  if (method === "GET" || method === "HEAD") return undefined;
  const coding = headers["transfer-encoding"];
  if (coding !== undefined) {
    if (coding.toLowerCase() === "chunked") return { contentLength: undefined };
    throw new ProblemError("invalid_request", "The only Transfer-Encoding taken is chunked.");
  }
  const contentLength = headers["content-length"];
  if (contentLength === undefined || contentLength === "0") return undefined;
  return { contentLength };
}

/** The largest body that an operation takes. */
export function bodyLimitOf(operation: Operation | undefined): number {
  return operation?.maxBodyBytes ?? BODY_LIMIT_BYTES;
}

/** @throws {ProblemError} payload_too_large, when the request announces more than `maxBytes` */
export function assertBodyFits(
  { headers }: Pick<IncomingMessage, "headers">,
  maxBytes: number,
): void {
  const announcedBytes = Number(headers["content-length"] ?? 0);
  if (announcedBytes <= maxBytes) return;
  throw new ProblemError("payload_too_large", `A body is at most ${maxBytes} bytes.`, {
    headers: announcedBytes > MAX_DISCARDED_BYTES ? { connection: "close" } : {},
  });
}

/**
 * The body, whole when it is small enough to be gathered, else as it comes. One in chunks is gathered
 * only where `isWorthWaiting`: what its caller sends next may wait for the answer to what he sent.
 * @throws {CallerGone} when the caller went away before it was whole
 */
export async function receiveBody(
  raw: IncomingMessage,
  { contentLength }: BodyFraming,
  { maxBytes, isWorthWaiting }: { maxBytes: number; isWorthWaiting: boolean },
): Promise<Buffer | Readable> {
  const isSmall =
    contentLength === undefined ? isWorthWaiting : Number(contentLength) <= GATHERED_BYTES;
  return (isSmall ? await gather(raw) : undefined) ?? limitedBody(raw, maxBytes);
}

/** Undefined when it is larger than what is gathered; nothing of it is lost then. */
function gather(raw: IncomingMessage): Promise<Buffer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  let receivedBytes = 0;
  const onData = (chunk: Buffer) => {
    chunks.push(chunk);
    receivedBytes += chunk.length;
    if (receivedBytes <= GATHERED_BYTES) return;
    finish();
    raw.pause();
    raw.unshift(Buffer.concat(chunks));
    resolve(undefined);
  };
  const onEnd = () => {
    finish();
    resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  };
  const onGone = () => {
    finish();
    reject(new CallerGone("the caller went away"));
  };
  const finish = () => {
    raw.off("data", onData).off("end", onEnd).off("error", onGone).off("close", onGone);
    // A request that breaks off later is told to whoever writes the answer.
    raw.on("error", () => undefined);
  };
  // One that broke off before is silent.
  if (raw.destroyed) onGone();
  else raw.on("data", onData).on("end", onEnd).on("error", onGone).on("close", onGone);
  return promise;
}

/**
 * The body as a stream of its own, so that what becomes of the exchange does not end the caller's
 * connection; fails with payload_too_large past the limit.
 */
function limitedBody(raw: IncomingMessage, maxBytes: number): Readable {
  let receivedBytes = 0;
  const limiter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      receivedBytes += chunk.length;
      if (receivedBytes <= maxBytes) return done(null, chunk);
      const detail = `A body is at most ${maxBytes} bytes.`;
      return done(new ProblemError("payload_too_large", detail));
    },
  });
  // Whoever waits for the exchange hears of it there.
  limiter.on("error", () => undefined);
  raw.pipe(limiter);
  return limiter;
}

/** Lets go of a body that nobody wants any more; a caller that never stops sending is cut off. */
export function discardBody(raw: IncomingMessage, body: Readable): void {
  raw.unpipe();
  body.destroy();
  discardRest(raw);
}

/** As `discardBody`, of a body that was not passed on. */
export function discardRest(raw: IncomingMessage): void {
  if (raw.complete) {
    raw.resume();
    return;
  }
  let discardedBytes = 0;
  raw.on("data", (chunk: Buffer) => {
    discardedBytes += chunk.length;
    if (discardedBytes > MAX_DISCARDED_BYTES) raw.destroy();
  });
  raw.resume();
}
