import type { Announcement } from "../outbox/outbox-repository.ts";

export const POOL_STATUSES = ["active", "closed", "settled"] as const;
export type PoolStatus = (typeof POOL_STATUSES)[number];

/** A prediction pool. It belongs to one tenant, who alone writes to it; everyone may read it. */
export interface Pool {
  /** Unique on the platform. */
  readonly poolId: string;
  readonly name: string;
  readonly category: string;
  readonly token: string;
  readonly endTime: Date;
  readonly status: PoolStatus;
  readonly outcome: string | undefined;
  /** The initial stake and every prediction's amount, in 10^-7 of the token. */
  readonly stakedStroops: bigint;
  readonly predictionCount: number;
  readonly createdAt: Date;
  readonly closedAt: Date | undefined;
  readonly settledAt: Date | undefined;
}

export type NewPool = Pick<
  Pool,
  "poolId" | "name" | "category" | "token" | "endTime" | "stakedStroops" | "createdAt"
>;

export interface Prediction {
  readonly eventId: string;
  readonly poolId: string;
  readonly userAddress: string;
  readonly outcome: string;
  readonly amountStroops: bigint;
  readonly placedAt: Date;
}

/** The delivery that a write comes from: counted once per tenant, however often it arrives. */
export interface PoolEvent {
  readonly eventId: string;
  /** What the event says; the same id with another fingerprint is another event. */
  readonly fingerprint: Buffer;
  readonly at: Date;
  readonly announcement: Announcement;
}

export interface PoolWrite<Value> {
  readonly value: Value;
  /** Undefined: the event was counted before, and nothing has changed now. */
  readonly sequence: bigint | undefined;
}

export interface PoolTotals {
  readonly stakedStroops: bigint;
  readonly predictionCount: number;
  readonly poolCount: number;
}

/**
 * Pools with their sums. Every write commits the event's id, the rows, the counters and the outbox
 * event together, or nothing.
 */
export interface PoolRepository {
  /** @throws {ProblemError} pool_exists, event_id_reused */
  create(tenantId: string, pool: NewPool, event: PoolEvent): Promise<PoolWrite<Pool>>;

  /** @throws {ProblemError} pool_not_found, pool_closed, event_id_reused */
  placePrediction(
    tenantId: string,
    prediction: Omit<Prediction, "eventId" | "placedAt">,
    event: PoolEvent,
  ): Promise<PoolWrite<Prediction>>;

  /** Active → closed. @throws {ProblemError} pool_not_found, invalid_pool_state, event_id_reused */
  close(tenantId: string, poolId: string, event: PoolEvent): Promise<PoolWrite<Pool>>;

  /**
   * Active or closed → settled: the chain's event may arrive without a close before it.
   * @throws {ProblemError} pool_not_found, invalid_pool_state, event_id_reused
   */
  settle(
    tenantId: string,
    poolId: string,
    outcome: string,
    event: PoolEvent,
  ): Promise<PoolWrite<Pool>>;

  /** Any tenant's pool. */
  find(poolId: string): Promise<Pool | undefined>;

  /** Sums over the platform's pools, from counters: the number of pools does not matter. */
  readTotals(filter: { category?: string; status?: PoolStatus }): Promise<PoolTotals>;
}
