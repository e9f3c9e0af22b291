import { type Selectable, sql } from "kysely";
import { type OrreryDatabase, type OrreryTransaction, withTenantEffect } from "../database.ts";
import type { Effect } from "../idempotency/effect.ts";
import { appendToOutbox } from "../outbox/outbox-append.ts";
import { violatedConstraint } from "../postgres-error.ts";
import { withRole } from "../system-role.ts";
import { addToCounters, findCounterDrift, sumCounters } from "./pool-counters.ts";
import { countEvent } from "./pool-event-log.ts";
import { selectPools } from "./pool-list.kysely.ts";
import { invalidPoolState, poolClosed, poolExists, poolNotFound } from "./pool-problems.ts";
import type {
  CounterDrift,
  NewPool,
  Pool,
  PoolEvent,
  PoolFilter,
  PoolPage,
  PoolPosition,
  PoolRepository,
  PoolSort,
  PoolStatus,
  PoolTotals,
  PoolWrite,
  Prediction,
} from "./pool-repository.ts";
import type { PoolsTable, PredictionsTable } from "./pools-tables.ts";

type PoolRow = Selectable<PoolsTable>;
type Move =
  | { status: "closed"; closed_at: Date }
  | { status: "settled"; settled_at: Date; outcome: string };

interface PoolMove {
  readonly tenantId: string;
  readonly poolId: string;
  readonly event: PoolEvent;
  readonly from: readonly PoolStatus[];
  readonly move: Move;
}

export class KyselyPoolRepository implements PoolRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async create(
    tenantId: string,
    pool: NewPool,
    event: PoolEvent,
    effect?: Effect<PoolWrite<Pool>>,
  ): Promise<PoolWrite<Pool>> {
    const { poolId, category, stakedStroops } = pool;
    try {
      return await withTenantEffect(this.#database, tenantId, effect, async (transaction) => {
        if (!(await countEvent(transaction, tenantId, poolId, event))) {
          return {
            value: poolOf(await lockPool(transaction, tenantId, poolId)),
            sequence: undefined,
          };
        }
        const row = await insertPool(transaction, tenantId, pool);
        const added = { poolId, category, stakedStroops, predictions: 0, pools: 1 };
        await addToCounters(transaction, { ...added, status: "active" });
        const sequence = await appendToOutbox(transaction, event.announcement);
        return { value: poolOf(row), sequence };
      });
    } catch (error) {
      const constraint = violatedConstraint(error);
      if (constraint !== "pools_pool_id_unique" && constraint !== "pools_pkey") throw error;
      throw poolExists(poolId);
    }
  }

  async placePrediction(
    tenantId: string,
    prediction: Omit<Prediction, "eventId" | "placedAt">,
    event: PoolEvent,
    effect?: Effect<PoolWrite<Prediction>>,
  ): Promise<PoolWrite<Prediction>> {
    const { poolId, amountStroops } = prediction;
    return withTenantEffect(this.#database, tenantId, effect, async (transaction) => {
      if (!(await countEvent(transaction, tenantId, poolId, event))) {
        return {
          value: await getPrediction(transaction, tenantId, event.eventId),
          sequence: undefined,
        };
      }
      const category = await addToPool(transaction, tenantId, poolId, amountStroops);
      if (category === undefined) {
        await lockPool(transaction, tenantId, poolId);
        throw poolClosed(poolId);
      }
      const row = await transaction
        .insertInto("predictions")
        .values({
          tenant_id: tenantId,
          event_id: event.eventId,
          pool_id: poolId,
          user_address: prediction.userAddress,
          outcome: prediction.outcome,
          amount_stroops: amountStroops,
          placed_at: event.at,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      const added = { poolId, category, stakedStroops: amountStroops, predictions: 1, pools: 0 };
      await addToCounters(transaction, { ...added, status: "active" });
      const sequence = await appendToOutbox(transaction, event.announcement);
      return { value: predictionOf(row), sequence };
    });
  }

  async close(
    tenantId: string,
    poolId: string,
    event: PoolEvent,
    effect?: Effect<PoolWrite<Pool>>,
  ): Promise<PoolWrite<Pool>> {
    const move = { status: "closed", closed_at: event.at } as const;
    return this.#move({ tenantId, poolId, event, from: ["active"], move }, effect);
  }

  async settle(
    tenantId: string,
    poolId: string,
    outcome: string,
    event: PoolEvent,
    effect?: Effect<PoolWrite<Pool>>,
  ): Promise<PoolWrite<Pool>> {
    const move = { status: "settled", settled_at: event.at, outcome } as const;
    return this.#move({ tenantId, poolId, event, from: ["active", "closed"], move }, effect);
  }

  async find(poolId: string): Promise<Pool | undefined> {
    const row = await withRole(this.#database, "orrery_public", (transaction) =>
      transaction.selectFrom("pools").selectAll().where("pool_id", "=", poolId).executeTakeFirst(),
    );
    return row === undefined ? undefined : poolOf(row);
  }

  list(
    filter: PoolFilter,
    page: { sort: PoolSort; limit: number; after?: PoolPosition },
  ): Promise<PoolPage> {
    return withRole(this.#database, "orrery_public", async (transaction) => {
      const rows = await selectPools(transaction, filter, page);
      return {
        pools: rows.slice(0, page.limit).map(poolOf),
        hasNext: rows.length > page.limit,
        total: (await sumCounters(transaction, filter)).poolCount,
      };
    });
  }

  readTotals(filter: PoolFilter): Promise<PoolTotals> {
    return withRole(this.#database, "orrery_public", (transaction) =>
      sumCounters(transaction, filter),
    );
  }

  recount(): Promise<readonly CounterDrift[] | undefined> {
    return withRole(this.#database, "orrery_public", findCounterDrift);
  }

  #move(
    { tenantId, poolId, event, from, move }: PoolMove,
    effect: Effect<PoolWrite<Pool>> | undefined,
  ): Promise<PoolWrite<Pool>> {
    return withTenantEffect(this.#database, tenantId, effect, async (transaction) => {
      const isNew = await countEvent(transaction, tenantId, poolId, event);
      const before = await lockPool(transaction, tenantId, poolId);
      if (!isNew) return { value: poolOf(before), sequence: undefined };
      if (!from.includes(before.status)) throw invalidPoolState(poolId, before.status);
      const row = await transaction
        .updateTable("pools")
        .set(move)
        .where("tenant_id", "=", tenantId)
        .where("pool_id", "=", poolId)
        .returningAll()
        .executeTakeFirstOrThrow();
      const sums = { poolId, category: row.category };
      const staked = BigInt(row.staked_stroops);
      const predictions = Number(row.prediction_count);
      await addToCounters(transaction, {
        ...sums,
        status: before.status,
        stakedStroops: -staked,
        predictions: -predictions,
        pools: -1,
      });
      await addToCounters(transaction, {
        ...sums,
        status: row.status,
        stakedStroops: staked,
        predictions,
        pools: 1,
      });
      const sequence = await appendToOutbox(transaction, event.announcement);
      return { value: poolOf(row), sequence };
    });
  }
}

function insertPool(transaction: OrreryTransaction, tenantId: string, pool: NewPool) {
  return transaction
    .insertInto("pools")
    .values({
      tenant_id: tenantId,
      pool_id: pool.poolId,
      name: pool.name,
      category: pool.category,
      token: pool.token,
      end_time: pool.endTime,
      staked_stroops: pool.stakedStroops,
      created_at: pool.createdAt,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** The pool's category; undefined when the tenant has no such active pool. */
async function addToPool(
  transaction: OrreryTransaction,
  tenantId: string,
  poolId: string,
  amountStroops: bigint,
): Promise<string | undefined> {
  const row = await transaction
    .updateTable("pools")
    .set({
      staked_stroops: sql<string>`staked_stroops + ${amountStroops.toString()}::numeric`,
      prediction_count: sql<string>`prediction_count + 1`,
    })
    .where("tenant_id", "=", tenantId)
    .where("pool_id", "=", poolId)
    .where("status", "=", "active")
    .returning("category")
    .executeTakeFirst();
  return row?.category;
}

/** @throws {ProblemError} pool_not_found */
async function lockPool(
  transaction: OrreryTransaction,
  tenantId: string,
  poolId: string,
): Promise<PoolRow> {
  const row = await transaction
    .selectFrom("pools")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("pool_id", "=", poolId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw poolNotFound(poolId);
  return row;
}

async function getPrediction(
  transaction: OrreryTransaction,
  tenantId: string,
  eventId: string,
): Promise<Prediction> {
  const row = await transaction
    .selectFrom("predictions")
    .selectAll()
    .where("tenant_id", "=", tenantId)
    .where("event_id", "=", eventId)
    .executeTakeFirstOrThrow();
  return predictionOf(row);
}

function predictionOf(row: Selectable<PredictionsTable>): Prediction {
  return {
    eventId: row.event_id,
    poolId: row.pool_id,
    userAddress: row.user_address,
    outcome: row.outcome,
    amountStroops: BigInt(row.amount_stroops),
    placedAt: row.placed_at,
  };
}

function poolOf(row: PoolRow): Pool {
  return {
    poolId: row.pool_id,
    name: row.name,
    category: row.category,
    token: row.token,
    endTime: row.end_time,
    status: row.status,
    outcome: row.outcome ?? undefined,
    stakedStroops: BigInt(row.staked_stroops),
    predictionCount: Number(row.prediction_count),
    createdAt: row.created_at,
    closedAt: row.closed_at ?? undefined,
    settledAt: row.settled_at ?? undefined,
  };
}
