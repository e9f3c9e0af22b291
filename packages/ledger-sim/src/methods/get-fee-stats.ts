import type { TransactionRecord } from "../ledger/history.ts";
import type { Method } from "./method.ts";

const WINDOW_LEDGERS = 50;
const PERCENTILES = [10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99] as const;

/** The inclusion fees that were bid in the last ledgers, in stroops as text. */
export const getFeeStats: Method = (_params, { ledger }) => {
  const latest = ledger.latest.sequence;
  const first = Math.max(latest - WINDOW_LEDGERS + 1, ledger.history.oldest.sequence);
  const closed = [...ledger.history.ledgers(first, latest)];
  const transactions = closed.flatMap((each) => each.transactions);
  const distribution = (isSoroban: boolean) =>
    feeDistribution(
      transactions.filter((record) => record.isSoroban === isSoroban),
      closed.length,
      ledger.settings.baseFeeStroops,
    );
  return {
    sorobanInclusionFee: distribution(true),
    inclusionFee: distribution(false),
    latestLedger: latest,
  };
};

function feeDistribution(
  transactions: readonly TransactionRecord[],
  ledgerCount: number,
  baseFeeStroops: number,
) {
  const fees = transactions.map((record) => Number(record.inclusionFeeStroops));
  const sorted = (fees.length > 0 ? fees : [baseFeeStroops]).toSorted((a, b) => a - b);
  const at = (percent: number) =>
    String(sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]);
  return {
    max: at(100),
    min: String(sorted[0]),
    mode: String(mostFrequent(sorted)),
    ...Object.fromEntries(PERCENTILES.map((percent) => [`p${percent}`, at(percent)])),
    transactionCount: String(transactions.length),
    ledgerCount,
  };
}

function mostFrequent(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}
