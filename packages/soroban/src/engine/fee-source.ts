import type { FeeStatsAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";

/** Fee statistics change by the ledger: within one they are asked for once. */
const FRESH_MS = 5_000;

/** A shared, short-lived copy of the network's fee statistics. Without an answer: the last one. */
export function createFeeSource(
  rpc: SorobanRpc,
  clock: () => number,
): () => Promise<FeeStatsAnswer | undefined> {
  let latest: FeeStatsAnswer | undefined;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  return async () => {
    if (clock() - askedAtMs >= FRESH_MS) {
      askedAtMs = clock();
      asking = rpc.getFeeStats().then(
        (stats) => {
          latest = stats;
        },
        // Advice only: the fee policy has a bid for having none.
        () => {},
      );
    }
    await asking;
    return latest;
  };
}
