import type { TransactionFrame } from "../transaction-frame.ts";

/**
 * The effect of a keyed request, as far as its repository knows it: run the transaction with
 * `withTenantEffect`, which gives a `Value`. `open` throws `ClaimRefused` before any work when somebody
 * else has the key, `close` idempotency_in_progress after it when the claim was lost meanwhile.
 */
export interface Effect<in Value> extends TransactionFrame<Value> {
  /** Whether the end of the request was written; with the transaction it commits or not. */
  readonly isEnded: boolean;
}
