import type { IncomingHttpHeaders } from "node:http";
import { OPERATIONS, type Operation } from "@orrery/common/contracts/operations";
import { errors } from "undici";

const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "DELETE"]);
/** Each of their entries has a `requestId`, which is charged once however often it comes. */
const DEDUCTIONS: ReadonlySet<string> = new Set([
  OPERATIONS.deduct.path,
  OPERATIONS.deductBulk.path,
]);

/**
 * Whether a request may be sent again when its connection failed and it is unknown what became of it:
 * because its method says so (RFC 9110, 9.2.2), its route does, or the caller does with an
 * `Idempotency-Key`.
 */
export function mayBeSentAgain(
  { path }: Pick<Operation, "path">,
  method: string,
  headers: IncomingHttpHeaders,
): boolean {
  if (IDEMPOTENT.has(method)) return true;
  return headers["idempotency-key"] !== undefined || DEDUCTIONS.has(path);
}

/** Whether it was the connection that failed, and not the request or the answer. */
export function isConnectionError(error: Error): boolean {
  return !(
    error instanceof errors.InvalidArgumentError ||
    error instanceof errors.NotSupportedError ||
    error instanceof errors.HTTPParserError ||
    error instanceof errors.ResponseExceededMaxSizeError ||
    error instanceof errors.ClientDestroyedError ||
    error instanceof errors.ClientClosedError
  );
}
