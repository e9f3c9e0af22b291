import type { SubmissionFailure } from "@orrery/soroban/intent/failure";

/**
 * `open`: takes usage events · `settling`: closed, its sum frozen and with the engine ·
 * `confirmed`: charged, and all its events with it · `failed`: nobody was charged; tried again at
 * `retryAt`, its events stay reserved · `split`: more than its vault lets be charged at once; nobody
 * was charged, its events went to two new ones · `rejected`: the same, of one event, which failed.
 */
export const SETTLEMENT_STATES = [
  "open",
  "settling",
  "confirmed",
  "failed",
  "split",
  "rejected",
] as const;

export type SettlementState = (typeof SETTLEMENT_STATES)[number];

/** One charge for many usage events: of one API and payee, against one vault. */
export interface Settlement {
  readonly id: string;
  readonly apiId: string;
  /** Where the sum goes; frozen when it was opened. */
  readonly payee: string;
  readonly vaultContractId: string;
  readonly state: SettlementState;
  readonly eventCount: number;
  readonly amountStroops: bigint;
  readonly openedAt: Date;
  /** When it closes at the latest. */
  readonly closesAt: Date;
  readonly closedAt?: Date;
  readonly settledAt?: Date;
  /** Absent on a confirmed one that the contract's own memory alone proves. */
  readonly txHash?: string;
  readonly ledger?: number;
  /** Why it failed the last time; gone once it is confirmed. */
  readonly failure?: Omit<SubmissionFailure, "detail">;
  readonly failureCount: number;
  readonly retryAt?: Date;
  /** The settlement that it was a half of. */
  readonly splitFrom?: string;
}

/** How an API's charges are settled. */
export type SettlementTerms =
  | { readonly mode: "per_request" }
  | {
      readonly mode: "aggregated";
      /** 1 … 86,400. */
      readonly everySeconds: number;
      /** Closes as soon as the sum reaches it. */
      readonly atStroops?: bigint;
    };

/**
 * The most events that wait for one settlement: it closes early at so many, so that the transaction
 * which settles them all stays short whatever the traffic.
 */
export const MAX_SETTLEMENT_EVENTS = 10_000;

/** Whether a settlement has enough to close before its time. */
export function isFull(
  { eventCount, amountStroops }: Pick<Settlement, "eventCount" | "amountStroops">,
  atStroops: bigint | undefined,
): boolean {
  if (eventCount >= MAX_SETTLEMENT_EVENTS) return true;
  return atStroops !== undefined && amountStroops >= atStroops;
}

/** The states in which what it holds is reserved. */
export const HELD_STATES = ["open", "settling", "failed"] as const satisfies SettlementState[];

/** The vault contract's number for a charge above the most that it takes at once. */
const EXCEEDS_MAX_DEDUCT = 7;

/** Whether a charge failed for its size alone, so that parts of it may pass. */
export function isTooLarge(failure: Settlement["failure"]): boolean {
  return failure?.reason === "contract_error" && failure.contractError === EXCEEDS_MAX_DEDUCT;
}

const RETRY_BASE_MS = 1_000;
const RETRY_MAX_MS = 300_000;

/** The wait before the next try after `failureCount` failures (at least 1): 1 s doubled, 5 min at most. */
export function settlementRetryMs(failureCount: number): number {
  return Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** Math.min(failureCount - 1, 20));
}
