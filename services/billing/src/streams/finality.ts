import type { WithdrawalFailure } from "@orrery/common/repositories/stream/stream";
import type { TransactionAnswer } from "@orrery/soroban/rpc/soroban-rpc";

/** The settlement whose finality is waited for, and since when. */
export interface AwaitedSettlement {
  /** Absent when a settlement was proven without its ledger. */
  readonly ledger?: number;
  readonly waitedMs: number;
  /** The newest ledger when the network first did not know the transaction. */
  readonly missingAtLedger?: number;
}

export interface FinalityTerms {
  /** Ledgers over the settlement's own. */
  readonly minConfirmations: number;
  readonly timeoutMs: number;
}

export type Finality =
  | { readonly kind: "final" }
  | { readonly kind: "waiting" }
  /** Not found where it should be: it must be missing once more, at a later ledger. */
  | { readonly kind: "missing"; readonly atLedger: number }
  | { readonly kind: "failed"; readonly failureCode: WithdrawalFailure };

/**
 * Whether a settlement is final. `answer`: what the network says of its transaction now; undefined
 * when it cannot be asked.
 */
export function decideFinality(
  awaited: AwaitedSettlement,
  answer: TransactionAnswer | undefined,
  { minConfirmations, timeoutMs }: FinalityTerms,
): Finality {
  const late: Finality =
    awaited.waitedMs >= timeoutMs
      ? { kind: "failed", failureCode: "finality_timeout" }
      : { kind: "waiting" };
  if (answer === undefined) return late;
  const { latestLedger, oldestLedger } = answer;
  const ledger = answer.ledger ?? awaited.ledger ?? latestLedger;
  const isDeep = latestLedger >= ledger + minConfirmations;
  if (answer.status === "SUCCESS") return isDeep ? { kind: "final" } : late;
  // Past what the network remembers: a long way under the newest ledger.
  if (ledger < oldestLedger) return { kind: "final" };
  if (!isDeep) return late;
  // A server reads the transaction before its newest ledger: one look proves nothing.
  if (awaited.missingAtLedger === undefined) return { kind: "missing", atLedger: latestLedger };
  return latestLedger > awaited.missingAtLedger
    ? { kind: "failed", failureCode: "settlement_tx_missing" }
    : late;
}
