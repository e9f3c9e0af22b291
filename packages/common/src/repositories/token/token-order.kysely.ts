import { type RawBuilder, sql } from "kysely";
import type { TokenSearch, TokenSort } from "./token-repository.ts";

interface Order {
  /** The table with an index in this order that holds the texts too. */
  readonly table: "tokens" | "token_search";
  readonly column: "created_at" | "total_burned" | "total_supply" | "name";
  /** The index's own direction, in which ties are ordered by address; turned round, so are they. */
  readonly natural: TokenSearch["sortOrder"];
}

export const ORDERS: Readonly<Record<TokenSort, Order>> = {
  created: { table: "token_search", column: "created_at", natural: "desc" },
  burned: { table: "tokens", column: "total_burned", natural: "desc" },
  supply: { table: "tokens", column: "total_supply", natural: "desc" },
  name: { table: "token_search", column: "name", natural: "asc" },
};

/** What stands behind `order by`; the columns are those of `table`. */
export function orderOf(
  { sortBy, sortOrder }: Pick<TokenSearch, "sortBy" | "sortOrder">,
  table: string,
): RawBuilder<unknown> {
  const { column, natural } = ORDERS[sortBy];
  const ties = sortOrder === natural ? "asc" : "desc";
  return sql`
    ${sql.ref(`${table}.${column}`)} ${sql.raw(sortOrder)}, ${sql.ref(`${table}.address`)} ${sql.raw(ties)}
  `;
}

/** What a search wants of the time that a token was created at, as a column of `table`. */
export function timeConditions(
  { createdFrom, createdTo }: Pick<TokenSearch, "createdFrom" | "createdTo">,
  table: string,
): RawBuilder<boolean>[] {
  const column = sql.ref(`${table}.created_at`);
  return [
    createdFrom && sql<boolean>`${column} >= ${createdFrom}`,
    createdTo && sql<boolean>`${column} <= ${createdTo}`,
  ].filter((condition) => condition !== undefined);
}

/** What a search wants of the columns of `tokens` that burns change. */
export function burnConditions({
  minSupply,
  maxSupply,
  hasBurns,
}: Pick<TokenSearch, "minSupply" | "maxSupply" | "hasBurns">): RawBuilder<boolean>[] {
  return [
    minSupply === undefined ? undefined : sql<boolean>`tokens.total_supply >= ${minSupply}`,
    maxSupply === undefined ? undefined : sql<boolean>`tokens.total_supply <= ${maxSupply}`,
    hasBurns === undefined
      ? undefined
      : sql<boolean>`tokens.burn_count ${sql.raw(hasBurns ? ">" : "=")} 0`,
  ].filter((condition) => condition !== undefined);
}
