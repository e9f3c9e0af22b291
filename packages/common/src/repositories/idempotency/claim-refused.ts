import { ProblemError } from "../../contracts/errors.ts";
import type { RefusedClaim } from "./idempotency-store.ts";

/** Somebody else has the key: the transaction has done nothing. Never reaches a caller. */
export class ClaimRefused extends Error {
  readonly refusal: RefusedClaim;

  constructor(refusal: RefusedClaim) {
    super(`the idempotency key is ${refusal.outcome}`);
    this.name = "ClaimRefused";
    this.refusal = refusal;
  }
}

/** How long a caller should leave a key alone that is being worked on. */
const RETRY_AFTER_SECONDS = "1";

export function idempotencyInProgress(): ProblemError {
  return new ProblemError(
    "idempotency_in_progress",
    "A request with this Idempotency-Key is being worked on; send it again to learn its outcome.",
    { headers: { "retry-after": RETRY_AFTER_SECONDS } },
  );
}
