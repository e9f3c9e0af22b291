import type { IncomingMessage } from "node:http";
import { ProblemError } from "../../contracts/errors.ts";

const IDEMPOTENCY_HEADER = "idempotency-key";

const KEY = /^[ -~]{1,255}$/;

/**
 * The request's key; undefined when it has none.
 * @throws {ProblemError} invalid_request unless it is one header of 1 to 255 printable ASCII characters
 */
export function readIdempotencyKey(
  request: Pick<IncomingMessage, "headers" | "rawHeaders">,
): string | undefined {
  const key = request.headers[IDEMPOTENCY_HEADER];
  if (key === undefined) return undefined;
  if (countHeaders(request.rawHeaders) > 1) throw invalidKey("must be sent once");
  if (typeof key === "string" && KEY.test(key)) return key;
  throw invalidKey("must be 1 to 255 printable ASCII characters");
}

/** Names and values come in turns. */
function countHeaders(rawHeaders: readonly string[]): number {
  return rawHeaders.filter(
    (text, index) => index % 2 === 0 && text.toLowerCase() === IDEMPOTENCY_HEADER,
  ).length;
}

function invalidKey(detail: string): ProblemError {
  return new ProblemError("invalid_request", "The headers are not valid.", {
    errors: [{ pointer: `#/${IDEMPOTENCY_HEADER}`, detail, in: "headers" }],
  });
}
