import { type RawBuilder, type Selectable, sql } from "kysely";
import { type OrreryDatabase, type OrreryTransaction, withTenant } from "../database.ts";
import { withRole } from "../system-role.ts";
import { type Asked, type Found, findMatches, findPage } from "./token-index.kysely.ts";
import { burnConditions, ORDERS, orderOf, timeConditions } from "./token-order.kysely.ts";
import type { FoundTokens, Token } from "./token-repository.ts";
import { tokenOf } from "./token-row.ts";
import { AND, patternOf, type TextSearch } from "./token-text.kysely.ts";
import type { TokensTable } from "./tokens-table.ts";

/** How much work each way to an answer may be before another is taken. */
export interface SearchBounds {
  /** The first tokens in the wanted order that show whether many hold the text. */
  readonly probed: number;
  /** What is looked at in the wanted order of a text that many hold, or of a tenant with few tokens. */
  readonly lookedAt: number;
  /** Matches of the index that are put in order. */
  readonly sorted: number;
  /** Matches of the index that are looked up one by one, for what burns change. */
  readonly lookedUp: number;
  /** Matches that are counted where no text is sought and no count is kept. */
  readonly counted: number;
}

export const SEARCH_BOUNDS: SearchBounds = {
  probed: 1_000,
  lookedAt: 10_000,
  sorted: 5_000,
  lookedUp: 500,
  counted: 10_000,
};

/** Of the probed tokens; a text that fewer hold is asked of the index. */
const MANY = 3;

interface TextSearchOptions {
  readonly database: OrreryDatabase;
  readonly bounds: SearchBounds;
  readonly hasTrigrams: () => Promise<boolean>;
}

/**
 * Finds the tokens that hold a text. For a text that many hold, or of a tenant with few tokens, the
 * page is among the first tokens in its order; a text that few hold is found by an index, and its
 * matches are put in order. What is neither is walked until the page is full, or to its end.
 * @see docs/adr/0009-token-search.md
 */
export async function searchText(
  tenantId: string,
  search: TextSearch,
  { database, bounds, hasTrigrams }: TextSearchOptions,
): Promise<FoundTokens> {
  const first = await withTenant(database, tenantId, (transaction) =>
    lookAtFirst(transaction, tenantId, search, bounds),
  );
  if (first !== undefined) return first;
  const asked = { search, hasTrigrams: await hasTrigrams(), limit: bounds.sorted };
  const found = await withRole(database, "orrery_searcher", (transaction) =>
    ask(transaction, tenantId, asked, bounds),
  );
  return withTenant(database, tenantId, async (transaction) => {
    if (found.kind === "page") {
      return answer(transaction, tenantId, search, { ...found, isTotalExact: true });
    }
    if (found.kind === "matches") {
      return pageAmong(transaction, tenantId, search, found.addresses);
    }
    return burnConditions(search).length > 0
      ? walkToEnd(transaction, tenantId, search)
      : walkToPage(transaction, tenantId, search, found);
  });
}

/**
 * What the index says: the page itself, where burns have no say in it; all matches, where they are
 * few enough to be looked up; or how many there are, or at least.
 */
async function ask(
  transaction: OrreryTransaction,
  tenantId: string,
  asked: Asked,
  { lookedUp }: SearchBounds,
): Promise<
  | ({ kind: "page" } & Found)
  | { kind: "matches"; addresses: readonly string[] }
  | { kind: "many"; total: number; isTotalExact: boolean }
> {
  const { search, limit } = asked;
  const isChangedByBurns = burnConditions(search).length > 0;
  if (ORDERS[search.sortBy].table === "token_search" && !isChangedByBurns) {
    const page = await findPage(transaction, tenantId, asked);
    if (page.total <= limit) return { kind: "page", ...page };
    return { kind: "many", total: limit, isTotalExact: false };
  }
  const taken = isChangedByBurns ? limit : lookedUp;
  const { addresses, total } = await findMatches(transaction, tenantId, asked, taken);
  if (total <= taken) return { kind: "matches", addresses };
  return { kind: "many", total: Math.min(total, limit), isTotalExact: total <= limit };
}

/**
 * Looks at the first tokens in the wanted order, by an index that holds their texts. Undefined: the
 * page is not among them, or too few of the very first hold the text for it to be likely.
 */
async function lookAtFirst(
  transaction: OrreryTransaction,
  tenantId: string,
  search: TextSearch,
  { probed, lookedAt }: SearchBounds,
): Promise<FoundTokens | undefined> {
  const ordered = inOrder(tenantId, search);
  const isText = isTextMatch(search);
  const isMany = sql<boolean>`(
    select count(*) filter (where ${isText}) >= ${MANY} or count(*) < ${probed}
    from (${ordered} limit ${probed}) as ordered
  )`;
  const judged = sql`
    select address, ${isMatch(tenantId, search)} as is_match
    from (${ordered} limit ${lookedAt}) as ordered where ${isMany}
  `;
  const { count, ...found } = await pageOf(transaction, search, judged);
  // The page was not likely to be here, and nothing was looked at.
  if (count === 0) return undefined;
  const isTotalExact = count < lookedAt;
  if (!isTotalExact && found.total <= search.offset + search.limit) return undefined;
  return answer(transaction, tenantId, search, { ...found, isTotalExact });
}

/** Looks at all tokens of the tenant. */
async function walkToEnd(
  transaction: OrreryTransaction,
  tenantId: string,
  search: TextSearch,
): Promise<FoundTokens> {
  const judged = sql`
    select address, ${isMatch(tenantId, search)} as is_match
    from (${inOrder(tenantId, search)}) as ordered
  `;
  const found = await pageOf(transaction, search, judged);
  return answer(transaction, tenantId, search, { ...found, isTotalExact: true });
}

/** Looks at tokens until the page is full. `total`: matches that are known to be there. */
async function walkToPage(
  transaction: OrreryTransaction,
  tenantId: string,
  search: TextSearch,
  { total, isTotalExact }: { total: number; isTotalExact: boolean },
): Promise<FoundTokens> {
  const { offset, limit } = search;
  const { rows } = await sql<{ address: string }>`
    select address from (${inOrder(tenantId, search)}) as ordered
    where ${isMatch(tenantId, search)} offset ${offset} limit ${limit + 1}
  `.execute(transaction);
  const addresses = rows.slice(0, limit).map(({ address }) => address);
  const seen = offset + rows.length;
  return answer(transaction, tenantId, search, {
    addresses,
    total: isTotalExact ? total : Math.max(total, rows.length === 0 ? 0 : seen),
    isTotalExact,
  });
}

/** The page and the number of matches among judged rows; `count`: how many rows there were. */
async function pageOf(
  transaction: OrreryTransaction,
  { offset, limit }: TextSearch,
  judged: RawBuilder<unknown>,
): Promise<Found & { count: number }> {
  const { rows } = await sql<{ count: string; total: string; addresses: string[] }>`
    select count, coalesce(cardinality(matches), 0) as total,
      coalesce(matches[${offset + 1}::int : ${offset + limit}::int], '{}') as addresses
    from (
      select count(*) as count, array_agg(address) filter (where is_match) as matches
      from (${judged}) as judged
    ) as found
  `.execute(transaction);
  const [found] = rows;
  if (found === undefined) throw new Error("an aggregate has one row");
  const { count, total, addresses } = found;
  return { addresses, total: Number(total), count: Number(count) };
}

/** Nothing is selected, and no row left out, by what the order's index does not hold. */
function inOrder(tenantId: string, search: TextSearch): RawBuilder<unknown> {
  const { table } = ORDERS[search.sortBy];
  const times = search.sortBy === "created" ? timeConditions(search, table) : [];
  const conditions = [sql`tenant_id = ${tenantId}`, ...times];
  return sql`
    select address, search_text from ${sql.table(table)} where ${sql.join(conditions, AND)}
    order by ${orderOf(search, table)}
  `;
}

function isTextMatch({ text }: TextSearch): RawBuilder<boolean> {
  return sql<boolean>`search_text like ${patternOf(text)}`;
}

/** Whether a row in order is wanted: its text first, the rest is looked up for matches alone. */
function isMatch(tenantId: string, search: TextSearch): RawBuilder<boolean> {
  const times = search.sortBy === "created" ? [] : timeConditions(search, "tokens");
  const conditions = [...times, ...burnConditions(search)];
  if (conditions.length === 0) return isTextMatch(search);
  return sql<boolean>`${isTextMatch(search)} and exists (
    select from tokens where tokens.tenant_id = ${tenantId} and tokens.address = ordered.address
      and ${sql.join(conditions, AND)}
  )`;
}

/** The page among tokens of which it is known that their text matches. */
async function pageAmong(
  transaction: OrreryTransaction,
  tenantId: string,
  search: TextSearch,
  addresses: readonly string[],
): Promise<FoundTokens> {
  const { offset, limit } = search;
  const conditions = [
    sql`tenant_id = ${tenantId}`,
    sql`address = any (${addresses}::text[])`,
    ...timeConditions(search, "tokens"),
    ...burnConditions(search),
  ];
  const { rows } = await sql<{ total: string; addresses: string[] }>`
    with matches as materialized (
      select address, ${sql.ref(ORDERS[search.sortBy].column)} from tokens
      where ${sql.join(conditions, AND)}
    )
    select count(*) as total, array(
      select address from matches order by ${orderOf(search, "matches")}
      offset ${offset} limit ${limit}
    ) as addresses
    from matches
  `.execute(transaction);
  const [found] = rows;
  if (found === undefined) throw new Error("an aggregate has one row");
  const page = { addresses: found.addresses, total: Number(found.total), isTotalExact: true };
  return answer(transaction, tenantId, search, page);
}

/** The tokens at the page's addresses, in their order; row-level security has the last word. */
async function answer(
  transaction: OrreryTransaction,
  tenantId: string,
  { offset, limit }: TextSearch,
  { addresses, total, isTotalExact }: Found & { isTotalExact: boolean },
): Promise<FoundTokens> {
  const { rows } = await sql<Selectable<TokensTable>>`
    select * from tokens where tenant_id = ${tenantId} and address = any (${addresses}::text[])
  `.execute(transaction);
  const byAddress = new Map<string, Token>(rows.map((row) => [row.address, tokenOf(row)]));
  const tokens = addresses
    .map((address) => byAddress.get(address))
    .filter((token) => token !== undefined);
  return { tokens, total, isTotalExact, hasNext: total > offset + limit };
}
