/** Exponential back-off: `baseMs` doubled with every attempt, never above `maxMs`. */
export interface BackOff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * How long to wait after the `attempt`-th failure (1 = first). `random` (0 … 1) takes away up to
 * half, so that those who failed together do not return together.
 */
export function backOffMs(policy: BackOff, attempt: number, random: number): number {
  const full = Math.min(policy.maxMs, policy.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full * (1 - random / 2));
}

/** The wait before an intent that failed definitively may be tried again at the caller's wish. */
const REARM_BACK_OFF: BackOff = { baseMs: 250, maxMs: 30_000 };

/**
 * When a re-armed intent is due: the back-off counts from its last end, so that a retry that comes
 * later than that starts at once. `attemptCount`: attempts so far, at least 1.
 */
export function rearmDueAtMs(nowMs: number, resolvedAtMs: number, attemptCount: number): number {
  return Math.max(nowMs, resolvedAtMs + backOffMs(REARM_BACK_OFF, attemptCount, 0));
}
