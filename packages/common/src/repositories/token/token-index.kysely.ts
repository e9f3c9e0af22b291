import { type RawBuilder, sql } from "kysely";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import { ORDERS, orderOf, timeConditions } from "./token-order.kysely.ts";
import { AND, patternOf, type TextSearch } from "./token-text.kysely.ts";

/** Where a page's tokens are, and how many match in all. */
export interface Found {
  readonly addresses: readonly string[];
  readonly total: number;
}

/** A question to the index. */
export interface Asked {
  readonly search: TextSearch;
  /** Whether this database has an index of trigrams. */
  readonly hasTrigrams: boolean;
  /** The most matches that are taken. */
  readonly limit: number;
}

/** What pg_trgm finds whole, whatever the locale; what stands between words is lost on it. */
const WORD = /^[a-z0-9]{3,}$/;
const MAX_GRAM = 3;

/** Whether texts can be found by their trigrams in this database. */
export async function hasTrigramIndex(database: OrreryDatabase): Promise<boolean> {
  const { rows } = await sql<{ is_there: boolean }>`
    select to_regclass('token_search_trigrams') is not null as is_there
  `.execute(database);
  return rows[0]?.is_there === true;
}

/** A page in an order that burns do not change. `total`: one more than `limit` when there are more. */
export async function findPage(
  transaction: OrreryTransaction,
  tenantId: string,
  asked: Asked,
): Promise<Found> {
  const { search, limit } = asked;
  const column = sql.ref(ORDERS[search.sortBy].column);
  const page = sql`
    select address from matches order by ${orderOf(search, "matches")}
    offset ${search.offset} limit ${search.limit}
  `;
  return find(
    transaction,
    tenantId,
    asked,
    sql`address, ${column}`,
    sql`
    select count(*) as total,
      case when count(*) <= ${limit} then array(${page}) else '{}' end as addresses
    from matches
  `,
  );
}

/** The addresses of matches, when there are at most `taken`. `total`: as of a page. */
export async function findMatches(
  transaction: OrreryTransaction,
  tenantId: string,
  asked: Asked,
  taken: number,
): Promise<Found> {
  return find(
    transaction,
    tenantId,
    asked,
    sql`address`,
    sql`
    select count(*) as total,
      case when count(*) <= ${taken} then array_agg(address) end as addresses
    from matches
  `,
  );
}

async function find(
  transaction: OrreryTransaction,
  tenantId: string,
  asked: Asked,
  columns: RawBuilder<unknown>,
  select: RawBuilder<unknown>,
): Promise<Found> {
  const { rows } = await sql<{ total: string; addresses: string[] | null }>`
    with matches as materialized (
      select ${columns} from token_search where ${matching(tenantId, asked)}
      limit ${asked.limit + 1}
    )
    ${select}
  `.execute(transaction);
  const [found] = rows;
  if (found === undefined) throw new Error("an aggregate has one row");
  return { addresses: found.addresses ?? [], total: Number(found.total) };
}

/** No policy stands before the index for the searcher: the tenant is said here. */
function matching(tenantId: string, { search, hasTrigrams }: Asked): RawBuilder<unknown> {
  const { text } = search;
  const isWord = hasTrigrams && WORD.test(text);
  const conditions = [
    sql`tenant_id = ${tenantId}`,
    ...timeConditions(search, "token_search"),
    ...(isWord ? [sql`search_text like ${patternOf(text)}`] : byGrams(text)),
  ];
  return sql.join(conditions, AND);
}

/** Not by LIKE as well, or both indexes would be read. */
function byGrams(text: string): RawBuilder<unknown>[] {
  return [
    sql`search_grams(search_text) @> ${gramsOf(text)}::text[]`,
    sql`position(${text} in search_text) > 0`,
  ];
}

/** The longest pieces of a text that `search_grams` gives of every text which holds it. */
function gramsOf(text: string): string[] {
  const characters = Array.from(text);
  const size = Math.min(characters.length, MAX_GRAM);
  const pieces = characters.map((_, index) => characters.slice(index, index + size));
  return [...new Set(pieces.filter((piece) => piece.length === size).map((p) => p.join("")))];
}
