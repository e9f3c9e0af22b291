import type { SubmissionFailure } from "@orrery/soroban/intent/failure";

/** One paid call of an API. */
export interface UsageEvent {
  readonly id: string;
  readonly requestId: string;
  readonly userId: string;
  readonly apiId: string;
  readonly endpointId: string;
  readonly apiKeyId: string;
  /** 1 … 2^63−1. */
  readonly amountStroops: bigint;
  /**
   * `pending` until the chain has answered, also while its answer cannot be told (`unknown`);
   * `reserved` until the settlement that it belongs to is confirmed.
   */
  readonly status: "pending" | "reserved" | "confirmed" | "failed";
  /** The one settlement that charges it, when its API settles aggregated. */
  readonly settlementId?: string;
  /** SHA-256 of the canonical fields: equal for the same request, however it was written. */
  readonly fingerprint: Uint8Array;
  readonly failure?: Omit<SubmissionFailure, "detail">;
  readonly txHash?: string;
  readonly ledger?: number;
  readonly createdAt: Date;
  readonly settledAt?: Date;
}

/** What a consumer asked to be charged. */
export type NewUsageEvent = Omit<
  UsageEvent,
  "status" | "settlementId" | "failure" | "txHash" | "ledger" | "settledAt"
>;
