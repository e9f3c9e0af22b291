import type { LatestLedgerAnswer } from "../rpc/soroban-rpc.ts";
import type { CallBudget } from "./call-budget.ts";
import type { LedgerPace } from "./ledger-pace.ts";

/** What keeps the calls about one transaction in step with the ledgers. */
export interface PacedCalls {
  readonly budget: CallBudget;
  /** The newest ledger as it was seconds ago, or `maxAgeMs` at most. @throws {RpcError} */
  readonly tip: (maxAgeMs?: number) => Promise<LatestLedgerAnswer>;
  /** The network's rhythm as learnt so far. */
  readonly pace: () => LedgerPace;
}

/**
 * Makes a call about some transactions within their budget. Where the newest ledger heard of is used
 * up, a look at the tip, which all transactions share, tells whether another has closed; undefined
 * when none has. @throws {RpcError} and whatever the call throws
 */
export async function pacedCall<Answer>(
  { budget, tip, pace }: PacedCalls,
  about: readonly string[],
  call: () => Promise<Answer>,
): Promise<Answer | undefined> {
  const made = budget.attempt(about, call);
  if (made !== undefined) return made;
  await tip(pace().ledgerMs / 2);
  return budget.attempt(about, call);
}
