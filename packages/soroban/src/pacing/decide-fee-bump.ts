import type { SendVerdict } from "../outcome/classify-send-answer.ts";
import type { FeeStatsAnswer } from "../rpc/soroban-rpc.ts";
import { type FeePolicy, recentFeeStroops } from "./fee-policy.ts";

/** What is known of a transaction that waits for a ledger. */
export interface WaitingTransaction {
  readonly lastSend?: { readonly verdict: SendVerdict; readonly ledger: number };
  /** What each of its envelopes bids, the inner transaction's first. */
  readonly bidsStroops: readonly bigint[];
  readonly ledgerAtBuild: number;
  readonly latestLedger: number;
  readonly maxLedger: number;
}

/** To replace what a node holds takes ten times its fee. */
const REPLACE_FACTOR = 10n;

/**
 * The inclusion fee to bid in another envelope around the same transaction; undefined to leave it.
 * Reasons: a node said that the fee is too low, or so many ledgers have passed without it that
 * others outbid it or dropped it (a new hash escapes the ban). Ten times the last bid, at least twice
 * what others paid, never above the policy's maximum: a bid that cannot replace the last is not made.
 */
export function decideFeeBump(
  policy: FeePolicy,
  stats: FeeStatsAnswer | undefined,
  waiting: WaitingTransaction,
): bigint | undefined {
  const { bidsStroops } = waiting;
  const last = bidsStroops.at(-1);
  if (last === undefined || !isBumpDue(policy, waiting, bidsStroops.length)) return undefined;
  const least = last * REPLACE_FACTOR;
  const others = 2n * recentFeeStroops(stats);
  const bid = others > least ? others : least;
  if (bid <= policy.maxInclusionFeeStroops) return bid;
  return policy.maxInclusionFeeStroops >= least ? policy.maxInclusionFeeStroops : undefined;
}

/** Whether it waits for a reason that another envelope could help; `envelopes`: those it has. */
export function isBumpDue(
  policy: FeePolicy,
  { ledgerAtBuild, latestLedger, maxLedger, lastSend }: Omit<WaitingTransaction, "bidsStroops">,
  envelopes: number,
): boolean {
  if (lastSend === undefined || envelopes > policy.maxBumps) return false;
  if (latestLedger + 1 >= maxLedger) return false;
  switch (lastSend.verdict.kind) {
    case "fee_too_low":
      return true;
    case "queued":
    case "retry":
      // Each further bump waits as long again.
      return latestLedger - ledgerAtBuild >= policy.bumpAfterLedgers * envelopes;
    case "sequence_used":
    case "permanent":
      return false;
  }
}
