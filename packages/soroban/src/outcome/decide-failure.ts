import type { AttemptPurpose } from "../intent/attempt.ts";
import type { SubmissionFailure } from "../intent/failure.ts";
import { VAULT_ERROR } from "./contract-error-code.ts";

/** How often the engine takes up an intent again by itself after a failure that it may cure. */
export const MAX_ENGINE_RETRIES = 5;

/** What to do about a contract's refusal or a failure on chain. Nobody was charged by it. */
export type FailureDecision =
  /** Final until somebody re-arms the intent. */
  | { readonly kind: "give_up"; readonly failure: SubmissionFailure }
  /** A new attempt on the next sequence may cure it. */
  | { readonly kind: "retry"; readonly failure: SubmissionFailure }
  /** One of several spoilt it for all: they are taken up again at once, in smaller parts. */
  | { readonly kind: "split"; readonly failure: SubmissionFailure }
  /** The contract has this request id: find the charge that it stands for. */
  | { readonly kind: "adopt" }
  /** A trap without a number may hide a duplicate: the marker tells. */
  | { readonly kind: "read_marker"; readonly failure: SubmissionFailure };

/** Results that say something about this attempt's resources or fees, not about the charge. */
const CURABLE = new Set([
  "invokeHostFunctionResourceLimitExceeded",
  "invokeHostFunctionEntryArchived",
  "invokeHostFunctionInsufficientRefundableFee",
  "txInsufficientFee",
  "txInternalError",
]);

/** Maps the contract's error number to a decision. */
export function decideContractError(contractError: number): FailureDecision {
  if (contractError === VAULT_ERROR.duplicateRequestId) return { kind: "adopt" };
  const reason =
    contractError === VAULT_ERROR.insufficientBalance ? "insufficient_balance" : "contract_error";
  return { kind: "give_up", failure: { reason, contractError } };
}

/**
 * Decides about a FAILED transaction. `retryCount`: attempts already taken up again. `riders`: how
 * many intents rode in it; a batch is all or nothing, so that its failure says which of them cannot
 * go only when it was one.
 */
export function decideFailure(failed: {
  readonly code: string;
  readonly contractError?: number;
  readonly purpose: AttemptPurpose;
  readonly retryCount: number;
  readonly riders: number;
}): FailureDecision {
  const { code, contractError, retryCount } = failed;
  const isCurable = contractError === undefined && CURABLE.has(code);
  if (isCurable || failed.purpose === "restore") {
    const failure = { reason: "resources", detail: code } as const;
    const kind = retryCount < MAX_ENGINE_RETRIES ? "retry" : "give_up";
    return { kind, failure };
  }
  if (failed.riders > 1) {
    const failure = {
      reason: "contract_error",
      detail: code,
      ...(contractError !== undefined && { contractError }),
    } as const;
    return { kind: "split", failure };
  }
  if (contractError !== undefined) return decideContractError(contractError);
  return { kind: "read_marker", failure: { reason: "contract_error", detail: code } };
}
