import type { FeeStatsAnswer } from "../rpc/soroban-rpc.ts";

/** Bounds of what the engine bids for inclusion, in stroops. */
export interface FeePolicy {
  readonly minInclusionFeeStroops: bigint;
  readonly maxInclusionFeeStroops: bigint;
  /** How often the fee of one transaction may be bumped; 0 for never. */
  readonly maxBumps: number;
  /** How many ledgers a transaction may wait before its fee is bumped. */
  readonly bumpAfterLedgers: number;
}

export const DEFAULT_FEE_POLICY: FeePolicy = {
  minInclusionFeeStroops: 100n,
  maxInclusionFeeStroops: 1_000_000n,
  maxBumps: 3,
  bumpAfterLedgers: 3,
};

/**
 * The inclusion fee of the `attempt`-th attempt (0 = first): what others usually pay, doubled with
 * every attempt that died, within the policy's bounds. Without statistics the policy's minimum
 * stands in for them.
 */
export function inclusionFeeStroops(
  policy: Pick<FeePolicy, "minInclusionFeeStroops" | "maxInclusionFeeStroops">,
  stats: FeeStatsAnswer | undefined,
  attempt: number,
): bigint {
  const recent = recentFeeStroops(stats);
  const base = recent > policy.minInclusionFeeStroops ? recent : policy.minInclusionFeeStroops;
  const bid = base * 2n ** BigInt(Math.min(attempt, 20));
  return bid < policy.maxInclusionFeeStroops ? bid : policy.maxInclusionFeeStroops;
}

/**
 * What half of recent transactions paid at most. No higher share: on a quiet network the dear ones
 * are our own, and every bump would raise the next bid. Statistics are advice from outside: one that
 * does not parse counts as none.
 */
export function recentFeeStroops(stats: FeeStatsAnswer | undefined): bigint {
  const text = stats?.sorobanInclusionFee.p50;
  return text !== undefined && /^\d{1,18}$/.test(text) ? BigInt(text) : 0n;
}
