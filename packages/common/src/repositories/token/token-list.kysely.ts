import { type RawBuilder, type Selectable, sql } from "kysely";
import type { OrreryTransaction } from "../database.ts";
import { burnConditions, ORDERS, orderOf, timeConditions } from "./token-order.kysely.ts";
import type { FoundTokens, TokenSearch } from "./token-repository.ts";
import { tokenOf } from "./token-row.ts";
import type { TokensTable } from "./tokens-table.ts";

/** A page of a tenant's tokens, whatever their texts: walked in its order. `maxCounted`: of matches. */
export async function listTokens(
  transaction: OrreryTransaction,
  tenantId: string,
  search: TokenSearch,
  maxCounted: number,
): Promise<FoundTokens> {
  const conditions = [...timeConditions(search, "tokens"), ...burnConditions(search)];
  const { offset, limit } = search;
  const { rows } = await sql<Selectable<TokensTable>>`
    ${inOrder(tenantId, search, conditions)} offset ${offset} limit ${limit + 1}
  `.execute(transaction);
  const hasNext = rows.length > limit;
  const tokens = rows.slice(0, limit).map(tokenOf);
  if (conditions.length === 0) {
    return { tokens, total: await sizeOf(transaction, tenantId), isTotalExact: true, hasNext };
  }
  const counted = await countMatches(transaction, tenantId, conditions, maxCounted + 1);
  const isTotalExact = counted <= maxCounted;
  return { tokens, total: Math.min(counted, maxCounted), isTotalExact, hasNext };
}

function inOrder(
  tenantId: string,
  search: TokenSearch,
  conditions: readonly RawBuilder<boolean>[],
): RawBuilder<unknown> {
  const { table } = ORDERS[search.sortBy];
  // The tokens themselves have no index by name, which would be one more for each burn to write.
  const isByName = search.sortBy === "name";
  const ordered = sql`token_search join tokens on tokens.address = token_search.address`;
  const tenants = [
    sql<boolean>`tokens.tenant_id = ${tenantId}`,
    ...(isByName ? [sql<boolean>`token_search.tenant_id = ${tenantId}`] : []),
  ];
  return sql`
    select tokens.* from ${isByName ? ordered : sql`tokens`}
    where ${sql.join([...tenants, ...conditions], sql` and `)}
    order by ${orderOf(search, isByName ? table : "tokens")}
  `;
}

async function sizeOf(transaction: OrreryTransaction, tenantId: string): Promise<number> {
  const { size } = await transaction
    .selectFrom("list_sizes")
    .select(sql<string>`coalesce(sum(size), 0)`.as("size"))
    .where("tenant_id", "=", tenantId)
    .where("list", "=", "tokens")
    .executeTakeFirstOrThrow();
  return Number(size);
}

async function countMatches(
  transaction: OrreryTransaction,
  tenantId: string,
  conditions: readonly RawBuilder<boolean>[],
  limit: number,
): Promise<number> {
  const wanted = [sql<boolean>`tokens.tenant_id = ${tenantId}`, ...conditions];
  const { rows } = await sql<{ counted: string }>`
    select count(*) as counted from (
      select from tokens where ${sql.join(wanted, sql` and `)} limit ${limit}
    ) as matches
  `.execute(transaction);
  return Number(rows[0]?.counted ?? 0);
}
