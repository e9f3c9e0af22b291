import { ProblemError } from "@orrery/common/contracts/errors";
import { compileCheck } from "@orrery/common/contracts/schema-check";
import { deductionRequestOf } from "../deductions/deduct-body.ts";
import type { DeductionRequest } from "../deductions/deduction.ts";
import { DeductBody } from "../deductions/deductions.schemas.ts";
import { RequestId } from "../identifiers.schemas.ts";

const faultsOfEntry = compileCheck(DeductBody);
const faultsOfRequestId = compileCheck(RequestId);

/**
 * Reads one entry by the rules of a single deduction.
 * @throws {ProblemError} invalid_request, with pointers from the root of the whole body
 */
export function readEntry(entry: unknown, index: number): DeductionRequest {
  const at = `#/entries/${index}`;
  const errors = faultsOfEntry(entry).map(({ pointer, detail }) => ({
    pointer: pointer.replace("#", at),
    detail,
  }));
  if (errors.length > 0) {
    throw new ProblemError("invalid_request", "The entry is not valid.", { errors });
  }
  return deductionRequestOf(entry as Parameters<typeof deductionRequestOf>[0], at);
}

/** The entry's requestId, also of one that is not valid; null when it has none that could be one. */
export function requestIdOf(entry: unknown): string | null {
  const { requestId } = (entry ?? {}) as { requestId?: unknown };
  return typeof requestId === "string" && faultsOfRequestId(requestId).length === 0
    ? requestId
    : null;
}
