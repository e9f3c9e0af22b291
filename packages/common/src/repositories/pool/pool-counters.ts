import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { OrreryTransaction } from "../database.ts";
import type { CounterDrift, PoolFilter, PoolStatus, PoolTotals } from "./pool-repository.ts";

/** Held by the one who adds up all pools. */
const RECOUNT_LOCK = 7_340_003;
/** Rows that share one category's sums, so that its writers seldom meet. */
const SLOTS = 16;

interface CounterChange {
  readonly poolId: string;
  readonly category: string;
  readonly status: PoolStatus;
  readonly stakedStroops: bigint;
  readonly predictions: number;
  readonly pools: number;
}

/**
 * Adds to the platform's sums in the transaction of the write. A pool that changes its status calls
 * it for the earlier status first: one order of locks for all.
 */
export async function addToCounters(
  transaction: OrreryTransaction,
  change: CounterChange,
): Promise<void> {
  await sql`
    insert into pool_counters as counter
      (category, status, slot, staked_stroops, prediction_count, pool_count)
    values (${change.category}, ${change.status}, ${slotOf(change.poolId)},
            ${change.stakedStroops}, ${change.predictions}, ${change.pools})
    on conflict (category, status, slot) do update
    set staked_stroops = counter.staked_stroops + excluded.staked_stroops,
        prediction_count = counter.prediction_count + excluded.prediction_count,
        pool_count = counter.pool_count + excluded.pool_count
  `.execute(transaction);
}

export async function sumCounters(
  transaction: OrreryTransaction,
  { category, status }: PoolFilter,
): Promise<PoolTotals> {
  let query = transaction
    .selectFrom("pool_counters")
    .select([
      sql<string>`coalesce(sum(staked_stroops), 0)`.as("staked_stroops"),
      sql<string>`coalesce(sum(prediction_count), 0)`.as("prediction_count"),
      sql<string>`coalesce(sum(pool_count), 0)`.as("pool_count"),
    ]);
  if (category !== undefined) query = query.where("category", "=", category);
  if (status !== undefined) query = query.where("status", "=", status);
  const totals = await query.executeTakeFirstOrThrow();
  return totalsOf([totals.staked_stroops, totals.prediction_count, totals.pool_count]);
}

/**
 * Compares the counters with the pools in one statement, so that writes meanwhile are in both or in
 * neither; undefined when somebody else does.
 */
export async function findCounterDrift(
  transaction: OrreryTransaction,
): Promise<CounterDrift[] | undefined> {
  const lock = await sql<{ is_ours: boolean }>`
    select pg_try_advisory_xact_lock(${RECOUNT_LOCK}) as is_ours
  `.execute(transaction);
  if (lock.rows[0]?.is_ours !== true) return undefined;
  const { rows } = await sql<{
    category: string;
    status: PoolStatus;
    kept: Sums;
    counted: Sums;
  }>`
    with counted as (
      select category, status, sum(staked_stroops) as staked_stroops,
             sum(prediction_count) as prediction_count, count(*) as pool_count
      from pools group by category, status
    ),
    kept as (
      select category, status, sum(staked_stroops) as staked_stroops,
             sum(prediction_count) as prediction_count, sum(pool_count) as pool_count
      from pool_counters group by category, status
    ),
    sums as (
      select category, status,
        array[coalesce(kept.staked_stroops, 0), coalesce(kept.prediction_count, 0),
              coalesce(kept.pool_count, 0)]::text[] as kept,
        array[coalesce(counted.staked_stroops, 0), coalesce(counted.prediction_count, 0),
              coalesce(counted.pool_count, 0)]::text[] as counted
      from counted full join kept using (category, status)
    )
    select * from sums where kept <> counted order by category, status
  `.execute(transaction);
  return rows.map(({ category, status, kept, counted }) => ({
    category,
    status,
    kept: totalsOf(kept),
    counted: totalsOf(counted),
  }));
}

/** Stake, predictions, pools. */
type Sums = readonly [string, string, string];

function totalsOf([staked, predictions, pools]: Sums): PoolTotals {
  return {
    stakedStroops: BigInt(staked),
    predictionCount: Number(predictions),
    poolCount: Number(pools),
  };
}

function slotOf(poolId: string): number {
  return createHash("sha256").update(poolId).digest().readUInt8(0) % SLOTS;
}
