import type { LatestLedgerAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";

/** A close time is wanted to the minute. */
const FRESH_MS = 5_000;

/**
 * A shared, short-lived copy of the newest ledger: everything that is quoted within one ledger asks
 * for it once. `observe` is told of each reading. A call without an answer fails those who wait for
 * it, and the next who asks makes another.
 */
export function createTipSource(
  rpc: SorobanRpc,
  clock: () => number,
  observe: (sequence: number) => void,
): () => Promise<LatestLedgerAnswer> {
  let asking: Promise<LatestLedgerAnswer> | undefined;
  let askedAtMs = 0;
  return () => {
    const ageMs = clock() - askedAtMs;
    // A clock that was set back makes nothing younger.
    if (asking !== undefined && ageMs >= 0 && ageMs < FRESH_MS) return asking;
    const answer = rpc.getLatestLedger().then((tip) => {
      observe(tip.sequence);
      return tip;
    });
    asking = answer;
    askedAtMs = clock();
    answer.catch(() => {
      if (asking === answer) asking = undefined;
    });
    return answer;
  };
}
