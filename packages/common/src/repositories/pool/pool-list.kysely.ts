import { type Selectable, sql } from "kysely";
import type { OrreryTransaction } from "../database.ts";
import type { PoolFilter, PoolPosition, PoolSort } from "./pool-repository.ts";
import type { PoolsTable } from "./pools-tables.ts";

/** A page of the platform's pools and one row more, if there is one. Every order has an index. */
export function selectPools(
  transaction: OrreryTransaction,
  { category, status }: PoolFilter,
  { sort, limit, after }: { sort: PoolSort; limit: number; after?: PoolPosition },
): Promise<Selectable<PoolsTable>[]> {
  let query = transaction.selectFrom("pools").selectAll();
  if (category !== undefined) query = query.where("category", "=", category);
  if (status !== undefined) query = query.where("status", "=", status);
  if (after !== undefined) {
    const { at, id } = after;
    // The times are of opposite order, the ids of one: the row comparison reads the index by it.
    query =
      sort === "newest"
        ? query.where(sql<boolean>`(created_at, pool_id) < (${at}::timestamptz, ${id})`)
        : query.where(sql<boolean>`(end_time, pool_id) > (${at}::timestamptz, ${id})`);
  }
  const direction = sort === "newest" ? "desc" : "asc";
  return query
    .orderBy(sort === "newest" ? "created_at" : "end_time", direction)
    .orderBy("pool_id", direction)
    .limit(limit + 1)
    .execute();
}
