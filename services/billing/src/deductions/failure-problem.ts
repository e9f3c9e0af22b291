import { ProblemError } from "@orrery/common/contracts/errors";
import type { UsageEvent } from "@orrery/common/repositories/usage-event/usage-event";

/** What a caller is told of a deduction that charged nobody. The same requestId may be tried again. */
export function failureProblem(failure: UsageEvent["failure"]): ProblemError {
  switch (failure?.reason) {
    case "insufficient_balance":
      return new ProblemError(
        "insufficient_balance",
        "The vault's balance is less than the amount; nothing was charged.",
      );
    case "contract_missing":
      return new ProblemError(
        "deduction_rejected",
        "The user's vault contract is not on the network; nothing was charged.",
      );
    case "expired":
      return new ProblemError(
        "deduction_rejected",
        "The deduction could not be sent for too long and was given up; nothing was charged.",
      );
    case "contract_error":
      return new ProblemError(
        "deduction_rejected",
        "The vault contract refused the deduction; nothing was charged.",
        { extensions: contractErrorOf(failure) },
      );
    default:
      return new ProblemError(
        "deduction_rejected",
        "The network refused the deduction; nothing was charged.",
        { extensions: contractErrorOf(failure) },
      );
  }
}

function contractErrorOf(failure: UsageEvent["failure"]): Record<string, unknown> {
  return failure?.contractError === undefined ? {} : { contractError: failure.contractError };
}
