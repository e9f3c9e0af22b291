import type { LatestLedgerAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";

/** A close time is wanted to the minute. */
const FRESH_MS = 5_000;

/**
 * A shared, short-lived copy of the newest ledger: whoever asks within `maxAgeMs` of another gets
 * the same answer. A call without an answer fails those who wait for it, and the next who asks makes
 * another.
 */
export function createTipSource(
  rpc: SorobanRpc,
  clock: () => number,
): (maxAgeMs?: number) => Promise<LatestLedgerAnswer> {
  let asking: Promise<LatestLedgerAnswer> | undefined;
  let askedAtMs = 0;
  return (maxAgeMs = FRESH_MS) => {
    const ageMs = clock() - askedAtMs;
    // A clock that was set back makes nothing younger.
    if (asking !== undefined && ageMs >= 0 && ageMs < maxAgeMs) return asking;
    const answer = rpc.getLatestLedger();
    asking = answer;
    askedAtMs = clock();
    answer.catch(() => {
      if (asking === answer) asking = undefined;
    });
    return answer;
  };
}
