import { ProblemError } from "@orrery/common/contracts/errors";
import { parseUsdc } from "@orrery/common/contracts/money";
import type { Static } from "typebox";
import type { DeductionRequest } from "./deduction.ts";
import type { DeductBody } from "./deductions.schemas.ts";

/** @throws {ProblemError} invalid_request when the amount is 0 or more than can be charged */
export function deductionRequestOf({
  amountUsdc,
  ...fields
}: Static<typeof DeductBody>): DeductionRequest {
  const amountStroops = parseUsdc(amountUsdc);
  if (amountStroops === undefined || amountStroops === 0n) {
    const detail =
      amountStroops === 0n ? "must be more than 0" : "must be at most 922337203685.4775807";
    throw new ProblemError("invalid_request", "The body is not valid.", {
      errors: [{ pointer: "#/amountUsdc", detail }],
    });
  }
  return { ...fields, amountStroops };
}
