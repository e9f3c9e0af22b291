import type { Effect } from "../idempotency/effect.ts";
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

export interface PoolFilter {
  readonly category?: string;
  readonly status?: PoolStatus;
}

/** `newest`: by (createdAt, poolId) descending. `ending`: by (endTime, poolId) ascending. */
export const POOL_SORTS = ["newest", "ending"] as const;
export type PoolSort = (typeof POOL_SORTS)[number];

export function sortTimeOf(pool: Pool, sort: PoolSort): Date {
  return sort === "newest" ? pool.createdAt : pool.endTime;
}

/** Where a page begins: after the pool with this time (createdAt or endTime) and id. */
export interface PoolPosition {
  readonly at: Date;
  readonly id: string;
}

export interface PoolPage {
  readonly pools: readonly Pool[];
  readonly hasNext: boolean;
  /** Of the whole list. */
  readonly total: number;
}

export interface PoolTotals {
  readonly stakedStroops: bigint;
  readonly predictionCount: number;
  readonly poolCount: number;
}

/** Sums that are not what the pools add up to. */
export interface CounterDrift {
  readonly category: string;
  readonly status: PoolStatus;
  readonly kept: PoolTotals;
  readonly counted: PoolTotals;
}

/**
 * Pools with their sums. Every write commits the event's id, the rows, the counters and the outbox
 * event together, or nothing.
 */
export interface PoolRepository {
  /** @throws {ProblemError} pool_exists, event_id_reused */
  create(
    tenantId: string,
    pool: NewPool,
    event: PoolEvent,
    effect?: Effect<PoolWrite<Pool>>,
  ): Promise<PoolWrite<Pool>>;

  /** @throws {ProblemError} pool_not_found, pool_closed, event_id_reused */
  placePrediction(
    tenantId: string,
    prediction: Omit<Prediction, "eventId" | "placedAt">,
    event: PoolEvent,
    effect?: Effect<PoolWrite<Prediction>>,
  ): Promise<PoolWrite<Prediction>>;

  /** Active → closed. @throws {ProblemError} pool_not_found, invalid_pool_state, event_id_reused */
  close(
    tenantId: string,
    poolId: string,
    event: PoolEvent,
    effect?: Effect<PoolWrite<Pool>>,
  ): Promise<PoolWrite<Pool>>;

  /**
   * Active or closed → settled: the chain's event may arrive without a close before it.
   * @throws {ProblemError} pool_not_found, invalid_pool_state, event_id_reused
   */
  settle(
    tenantId: string,
    poolId: string,
    outcome: string,
    event: PoolEvent,
    effect?: Effect<PoolWrite<Pool>>,
  ): Promise<PoolWrite<Pool>>;

  /** Any tenant's pool. */
  find(poolId: string): Promise<Pool | undefined>;

  /** The platform's pools, whoever owns them. */
  list(
    filter: PoolFilter,
    page: { readonly sort: PoolSort; readonly limit: number; readonly after?: PoolPosition },
  ): Promise<PoolPage>;

  /** Sums over the platform's pools, from counters: the number of pools does not matter. */
  readTotals(filter: PoolFilter): Promise<PoolTotals>;

  /**
   * Adds up every pool and gives the counters that are not equal to it, as of one moment; undefined
   * when another instance is at it.
   */
  recount(): Promise<readonly CounterDrift[] | undefined>;
}
