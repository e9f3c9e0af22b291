import { ProblemError } from "@orrery/common/contracts/errors";
import { parseUsdc } from "@orrery/common/contracts/money";
import type { Static } from "typebox";
import type { DeductionRequest } from "./deduction.ts";
import type { DeductBody } from "./deductions.schemas.ts";

/**
 * `at`: where the body stands in what was sent, as a JSON pointer.
 * @throws {ProblemError} invalid_request when the amount is 0 or more than can be charged
 */
export function deductionRequestOf(
  { amountUsdc, ...fields }: Static<typeof DeductBody>,
  at = "#",
): DeductionRequest {
  const amountStroops = parseUsdc(amountUsdc);
  if (amountStroops === undefined || amountStroops === 0n) {
    const detail =
      amountStroops === 0n ? "must be more than 0" : "must be at most 922337203685.4775807";
    const what = at === "#" ? "body" : "entry";
    throw new ProblemError("invalid_request", `The ${what} is not valid.`, {
      errors: [{ pointer: `${at}/amountUsdc`, detail }],
    });
  }
  return { ...fields, amountStroops };
}
