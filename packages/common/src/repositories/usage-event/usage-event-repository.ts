import type { IntentRecord } from "@orrery/soroban/journal/submission-journal";
import type { NewUsageEvent, UsageEvent } from "./usage-event.ts";

export type Acceptance =
  | { readonly outcome: "accepted"; readonly event: UsageEvent }
  /** The requestId was there already; nothing was changed. */
  | { readonly outcome: "duplicate"; readonly event: UsageEvent }
  | { readonly outcome: "vault_not_found" }
  | { readonly outcome: "api_not_found" }
  /** The API settles aggregated: reserve it instead. Nothing was stored. */
  | { readonly outcome: "aggregated" }
  | HeldBack;

/** The vault has reservations against it, and nothing was changed. */
export type HeldBack =
  /** What they leave of the balance last read does not cover it. */
  | { readonly outcome: "insufficient_balance"; readonly vaultContractId: string }
  /** What was last read of the vault has proved wrong, so that nobody knows what they leave. */
  | { readonly outcome: "balance_unknown"; readonly vaultContractId: string };

export type Rearming =
  | { readonly outcome: "rearmed" }
  /** It is not failed (any more): somebody else re-armed it. */
  | { readonly outcome: "not_failed" }
  | HeldBack;

/** What one tenant has pending. */
export interface PendingCount {
  readonly tenantId: string;
  readonly pending: number;
  /** Those of them that were accepted before each of the two times that were asked for. */
  readonly before: readonly [number, number];
}

/** The usage events of every tenant; a tenant's requestId is unique. */
export interface UsageEventRepository {
  /**
   * Stores the event as pending together with its intent, which freezes where the charge pays from
   * and to and is known to the contract by `marker`; insert-first, so that of any number of
   * duplicates one is accepted. Missing parties matter for a new request alone. Of a vault that has
   * reservations against it, at most what they leave is accepted, in order of arrival.
   */
  accept(tenantId: string, event: NewUsageEvent, marker: string): Promise<Acceptance>;

  find(tenantId: string, requestId: string): Promise<UsageEvent | undefined>;

  /**
   * The event with the story of its submission, or of its settlement's once that is closed, both as
   * of one moment.
   */
  findWithHistory(
    tenantId: string,
    requestId: string,
  ): Promise<{ event: UsageEvent; history: IntentRecord | undefined } | undefined>;

  /**
   * Takes a failed event back to be charged again by the intent that failed, its own or its
   * settlement's: to `pending` or `reserved`. As for a new one, reservations come first.
   */
  rearm(tenantId: string, requestId: string, now: Date): Promise<Rearming>;

  /** Those of the given events that are no longer pending. At most 1,000 keys. */
  listSettled(
    keys: readonly { readonly tenantId: string; readonly requestId: string }[],
  ): Promise<readonly { readonly tenantId: string; readonly event: UsageEvent }[]>;

  /** What is pending of every tenant that has something pending: for the platform, not for a tenant. */
  countPending(acceptedBefore: readonly [Date, Date]): Promise<readonly PendingCount[]>;

  /** The sum, in stroops, of what is pending against the user's vault. */
  sumPending(tenantId: string, userId: string): Promise<bigint>;
}
