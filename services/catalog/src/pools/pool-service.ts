import { ProblemError } from "@orrery/common/contracts/errors";
import { parseUsdc } from "@orrery/common/contracts/money";
import type { Effect } from "@orrery/common/repositories/idempotency/effect";
import type { Announcement } from "@orrery/common/repositories/outbox/outbox-repository";
import {
  type Pool,
  type PoolEvent,
  type PoolFilter,
  type PoolPage,
  type PoolPosition,
  type PoolRepository,
  type PoolSort,
  type PoolWrite,
  type Prediction,
  sortTimeOf,
} from "@orrery/common/repositories/pool/pool-repository";
import type { CatalogWrites } from "../catalog-writes.ts";
import { fingerprintOf } from "./pool.ts";

export interface PoolRequest {
  eventId: string;
  poolId: string;
  name: string;
  category: string;
  token: string;
  endTime: string;
  initialStake?: string;
}

export interface PredictionRequest {
  eventId: string;
  userAddress: string;
  outcome: string;
  amount: string;
}

/** Pools and their predictions; each event is counted once. */
export class PoolService {
  readonly #pools: PoolRepository;
  readonly #writes: CatalogWrites;

  constructor(pools: PoolRepository, writes: CatalogWrites) {
    this.#pools = pools;
    this.#writes = writes;
  }

  /** @throws {ProblemError} pool_exists, event_id_reused */
  async create(
    tenantId: string,
    request: PoolRequest,
    effect?: Effect<PoolWrite<Pool>>,
  ): Promise<PoolWrite<Pool>> {
    const { eventId, initialStake = "0", endTime, ...fields } = request;
    const meaning = {
      ...fields,
      endTime: new Date(endTime),
      stakedStroops: stroopsOf(initialStake),
    };
    const announcement = this.#announce("pool.created", tenantId, fields.poolId);
    const event = this.#event(eventId, announcement, fingerprintOf("pool.created", meaning));
    const pool = { ...meaning, createdAt: event.at };
    return this.#done(announcement, await this.#pools.create(tenantId, pool, event, effect));
  }

  /** @throws {ProblemError} pool_not_found, pool_closed, event_id_reused */
  async placePrediction(
    tenantId: string,
    poolId: string,
    request: PredictionRequest,
    effect?: Effect<PoolWrite<Prediction>>,
  ): Promise<PoolWrite<Prediction>> {
    const { eventId, amount, ...fields } = request;
    const prediction = { ...fields, poolId, amountStroops: stroopsOf(amount) };
    const announcement = this.#announce("prediction.placed", tenantId, poolId);
    const event = this.#event(
      eventId,
      announcement,
      fingerprintOf("prediction.placed", prediction),
    );
    const written = await this.#pools.placePrediction(tenantId, prediction, event, effect);
    return this.#done(announcement, written);
  }

  /** @throws {ProblemError} pool_not_found, invalid_pool_state, event_id_reused */
  async close(
    tenantId: string,
    poolId: string,
    eventId: string,
    effect?: Effect<PoolWrite<Pool>>,
  ): Promise<PoolWrite<Pool>> {
    const announcement = this.#announce("pool.closed", tenantId, poolId);
    const event = this.#event(eventId, announcement, fingerprintOf("pool.closed", { poolId }));
    return this.#done(announcement, await this.#pools.close(tenantId, poolId, event, effect));
  }

  /** @throws {ProblemError} pool_not_found, invalid_pool_state, event_id_reused */
  async settle(
    tenantId: string,
    poolId: string,
    { eventId, outcome }: { eventId: string; outcome: string },
    effect?: Effect<PoolWrite<Pool>>,
  ): Promise<PoolWrite<Pool>> {
    const announcement = this.#announce("pool.settled", tenantId, poolId);
    const fingerprint = fingerprintOf("pool.settled", { poolId, outcome });
    const event = this.#event(eventId, announcement, fingerprint);
    const written = await this.#pools.settle(tenantId, poolId, outcome, event, effect);
    return this.#done(announcement, written);
  }

  /** The platform's pools; `next` is where the following page begins. */
  async list(
    filter: PoolFilter,
    request: { sort: PoolSort; limit: number; after?: PoolPosition },
  ): Promise<PoolPage & { next?: PoolPosition }> {
    const page = await this.#pools.list(filter, request);
    const last = page.pools.at(-1);
    if (!page.hasNext || last === undefined) return page;
    return { ...page, next: { at: sortTimeOf(last, request.sort), id: last.poolId } };
  }

  /**
   * Any tenant's pool.
   * @throws {ProblemError} pool_not_found
   */
  async get(poolId: string): Promise<Pool> {
    const pool = await this.#pools.find(poolId);
    if (pool === undefined) throw new ProblemError("pool_not_found", `There is no pool ${poolId}.`);
    return pool;
  }

  #announce(
    type: "pool.created" | "prediction.placed" | "pool.closed" | "pool.settled",
    tenantId: string,
    poolId: string,
  ): Announcement {
    return this.#writes.announce(type, tenantId, { poolId });
  }

  #event(eventId: string, announcement: Announcement, fingerprint: Buffer): PoolEvent {
    return { eventId, announcement, fingerprint, at: this.#writes.now() };
  }

  #done<Value>(announcement: Announcement, written: PoolWrite<Value>): PoolWrite<Value> {
    this.#writes.committed(announcement, written.sequence);
    return written;
  }
}

/** The route's schema has checked it. */
function stroopsOf(amount: string): bigint {
  const stroops = parseUsdc(amount);
  if (stroops === undefined) throw new Error(`${amount} passed the schema and is no amount`);
  return stroops;
}
