import type { AccountReading } from "../rpc/account-entry.ts";

/** What a channel account should hold, in stroops. */
export interface RefillPolicy {
  /** Below this it is filled up, and not used meanwhile. */
  readonly minBalanceStroops: bigint;
  /** What it is filled up to. */
  readonly fullBalanceStroops: bigint;
}

export interface Refill {
  readonly publicKey: string;
  readonly amountStroops: bigint;
}

/** Which accounts run low, and what each lacks. Those that do not exist are not refilled. */
export function decideRefills(
  policy: RefillPolicy,
  readings: readonly AccountReading[],
): readonly Refill[] {
  const { minBalanceStroops, fullBalanceStroops } = policy;
  return readings.flatMap(({ publicKey, balanceStroops: balance }) =>
    balance !== undefined && balance < minBalanceStroops
      ? [{ publicKey, amountStroops: fullBalanceStroops - balance }]
      : [],
  );
}
