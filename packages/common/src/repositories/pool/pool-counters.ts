import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { OrreryTransaction } from "../database.ts";
import type { PoolStatus } from "./pool-repository.ts";

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

function slotOf(poolId: string): number {
  return createHash("sha256").update(poolId).digest().readUInt8(0) % SLOTS;
}
