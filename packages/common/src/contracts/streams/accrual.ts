/** What a stream pays, and at most how much in all. Stroops: 1 … 2^63−1. */
export interface AccrualTerms {
  readonly ratePerSecondStroops: bigint;
  readonly totalStroops: bigint;
}

/** How long a stream has been active: what is over, and since when it is again. */
export interface ActiveTime {
  /** Milliseconds of all the active spans that are over. */
  readonly activeMs: number;
  /** Absent while it does not accrue. */
  readonly activeSince?: Date;
}

const MS_PER_SECOND = 1_000n;

/** The active time at a moment. A clock that went back takes nothing away. */
export function activeMsAt({ activeMs, activeSince }: ActiveTime, at: Date): number {
  if (activeSince === undefined) return activeMs;
  return activeMs + Math.max(0, at.getTime() - activeSince.getTime());
}

/**
 * What has accrued after so much active time: whole stroops, rounded down once over all of it, so
 * that pauses lose nothing, and never more than the total.
 */
export function accruedStroops(terms: AccrualTerms, activeMs: number): bigint {
  const accrued = (terms.ratePerSecondStroops * BigInt(activeMs)) / MS_PER_SECOND;
  return accrued < terms.totalStroops ? accrued : terms.totalStroops;
}
