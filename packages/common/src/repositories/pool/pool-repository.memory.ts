import type { Announcer } from "../outbox/outbox-repository.ts";
import {
  eventIdReused,
  invalidPoolState,
  poolClosed,
  poolExists,
  poolNotFound,
} from "./pool-problems.ts";
import type {
  NewPool,
  Pool,
  PoolEvent,
  PoolRepository,
  PoolStatus,
  PoolTotals,
  PoolWrite,
  Prediction,
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

  async readTotals(filter: { category?: string; status?: PoolStatus }): Promise<PoolTotals> {
    const pools = [...this.#pools.values()].filter(
      (pool) =>
        (filter.category === undefined || pool.category === filter.category) &&
        (filter.status === undefined || pool.status === filter.status),
    );
    return {
      stakedStroops: pools.reduce((sum, pool) => sum + pool.stakedStroops, 0n),
      predictionCount: pools.reduce((sum, pool) => sum + pool.predictionCount, 0),
      poolCount: pools.length,
    };
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

function keyOf(tenantId: string, eventId: string): string {
  return JSON.stringify([tenantId, eventId]);
}
