import type { Announcer } from "../outbox/outbox-repository.ts";
import {
  eventIdReused,
  invalidPoolState,
  poolClosed,
  poolExists,
  poolNotFound,
} from "./pool-problems.ts";
import {
  type CounterDrift,
  type NewPool,
  type Pool,
  type PoolEvent,
  type PoolFilter,
  type PoolPage,
  type PoolPosition,
  type PoolRepository,
  type PoolSort,
  type PoolStatus,
  type PoolTotals,
  type PoolWrite,
  type Prediction,
  sortTimeOf,
} from "./pool-repository.ts";

interface OwnedPool extends Pool {
  readonly tenantId: string;
}

export class MemoryPoolRepository implements PoolRepository {
  readonly #announcer: Announcer;
  readonly #pools = new Map<string, OwnedPool>();
  readonly #events = new Map<string, { fingerprint: Buffer; poolId: string }>();
  readonly #predictions = new Map<string, Prediction>();

  constructor(announcer: Announcer) {
    this.#announcer = announcer;
  }

  async create(tenantId: string, newPool: NewPool, event: PoolEvent): Promise<PoolWrite<Pool>> {
    const { poolId } = newPool;
    if (this.#isCounted(tenantId, event)) {
      return { value: this.#own(tenantId, poolId), sequence: undefined };
    }
    if (this.#pools.has(poolId)) throw poolExists(poolId);
    const pool: OwnedPool = {
      ...newPool,
      tenantId,
      status: "active",
      outcome: undefined,
      predictionCount: 0,
      closedAt: undefined,
      settledAt: undefined,
    };
    const sequence = this.#commit(tenantId, event, pool);
    return { value: pool, sequence };
  }

  async placePrediction(
    tenantId: string,
    newPrediction: Omit<Prediction, "eventId" | "placedAt">,
    event: PoolEvent,
  ): Promise<PoolWrite<Prediction>> {
    const key = keyOf(tenantId, event.eventId);
    const isCounted = this.#isCounted(tenantId, event);
    const placed = this.#predictions.get(key);
    if (isCounted && placed !== undefined) return { value: placed, sequence: undefined };
    const pool = this.#own(tenantId, newPrediction.poolId);
    if (pool.status !== "active") throw poolClosed(pool.poolId);
    const prediction = { ...newPrediction, eventId: event.eventId, placedAt: event.at };
    const sequence = this.#commit(tenantId, event, {
      ...pool,
      stakedStroops: pool.stakedStroops + prediction.amountStroops,
      predictionCount: pool.predictionCount + 1,
    });
    this.#predictions.set(key, prediction);
    return { value: prediction, sequence };
  }

  async close(tenantId: string, poolId: string, event: PoolEvent): Promise<PoolWrite<Pool>> {
    return this.#move(tenantId, poolId, event, ["active"], {
      status: "closed",
      closedAt: event.at,
    });
  }

  async settle(
    tenantId: string,
    poolId: string,
    outcome: string,
    event: PoolEvent,
  ): Promise<PoolWrite<Pool>> {
    return this.#move(tenantId, poolId, event, ["active", "closed"], {
      status: "settled",
      outcome,
      settledAt: event.at,
    });
  }

  async find(poolId: string): Promise<Pool | undefined> {
    return this.#pools.get(poolId);
  }

  async list(
    filter: PoolFilter,
    { sort, limit, after }: { sort: PoolSort; limit: number; after?: PoolPosition },
  ): Promise<PoolPage> {
    const direction = sort === "newest" ? -1 : 1;
    const compare = (left: PoolPosition, right: PoolPosition) =>
      direction * (left.at.getTime() - right.at.getTime() || compareBytes(left.id, right.id));
    const matching = this.#matching(filter)
      .map((pool) => ({ pool, at: sortTimeOf(pool, sort), id: pool.poolId }))
      .toSorted(compare);
    const following = matching.filter(
      (position) => after === undefined || compare(position, after) > 0,
    );
    return {
      pools: following.slice(0, limit).map(({ pool }) => pool),
      hasNext: following.length > limit,
      total: matching.length,
    };
  }

  async recount(): Promise<readonly CounterDrift[]> {
    return [];
  }

  async readTotals(filter: PoolFilter): Promise<PoolTotals> {
    const pools = this.#matching(filter);
    return {
      stakedStroops: pools.reduce((sum, pool) => sum + pool.stakedStroops, 0n),
      predictionCount: pools.reduce((sum, pool) => sum + pool.predictionCount, 0),
      poolCount: pools.length,
    };
  }

  #matching({ category, status }: PoolFilter): Pool[] {
    return [...this.#pools.values()].filter(
      (pool) =>
        (category === undefined || pool.category === category) &&
        (status === undefined || pool.status === status),
    );
  }

  #move(
    tenantId: string,
    poolId: string,
    event: PoolEvent,
    from: readonly PoolStatus[],
    changes: Partial<Pool>,
  ): PoolWrite<Pool> {
    if (this.#isCounted(tenantId, event)) {
      return { value: this.#own(tenantId, poolId), sequence: undefined };
    }
    const pool = this.#own(tenantId, poolId);
    if (!from.includes(pool.status)) throw invalidPoolState(poolId, pool.status);
    const moved = { ...pool, ...changes };
    return { value: moved, sequence: this.#commit(tenantId, event, moved) };
  }

  #isCounted(tenantId: string, { eventId, fingerprint }: PoolEvent): boolean {
    const counted = this.#events.get(keyOf(tenantId, eventId));
    if (counted === undefined) return false;
    if (!counted.fingerprint.equals(fingerprint)) throw eventIdReused(eventId);
    return true;
  }

  #own(tenantId: string, poolId: string): OwnedPool {
    const pool = this.#pools.get(poolId);
    if (pool === undefined || pool.tenantId !== tenantId) throw poolNotFound(poolId);
    return pool;
  }

  #commit(tenantId: string, event: PoolEvent, pool: OwnedPool): bigint {
    const { eventId, fingerprint } = event;
    const sequence = this.#announcer.append(event.announcement);
    this.#events.set(keyOf(tenantId, eventId), { fingerprint, poolId: pool.poolId });
    this.#pools.set(pool.poolId, pool);
    return sequence;
  }
}

/** As Postgres orders text under collation "C". */
function compareBytes(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function keyOf(tenantId: string, eventId: string): string {
  return JSON.stringify([tenantId, eventId]);
}
