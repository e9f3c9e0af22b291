import { type ExpressionBuilder, sql } from "kysely";
import { ProblemError } from "../../contracts/errors.ts";
import { type OrreryDatabase, withTenant } from "../database.ts";
import { appendToOutbox } from "../outbox/outbox-append.ts";
import type { Announcement, Committed } from "../outbox/outbox-repository.ts";
import { violatedConstraint } from "../postgres-error.ts";
import type { Schema } from "../schema.ts";
import {
  type NewToken,
  searchTextOf,
  type Token,
  type TokenRepository,
  type TokenSearch,
} from "./token-repository.ts";
import { tokenOf } from "./token-row.ts";

const SORT_COLUMNS = {
  created: "created_at",
  burned: "total_burned",
  supply: "total_supply",
  name: "name",
} as const;

export class KyselyTokenRepository implements TokenRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async create(
    tenantId: string,
    token: NewToken,
    announcement: Announcement,
  ): Promise<Committed & { token: Token }> {
    try {
      return await withTenant(this.#database, tenantId, async (transaction) => {
        const row = await transaction
          .insertInto("tokens")
          .values({
            tenant_id: tenantId,
            address: token.address,
            id: token.id,
            name: token.name,
            symbol: token.symbol,
            search_text: searchTextOf(token.name, token.symbol),
            decimals: token.decimals,
            total_supply: token.totalSupply,
            metadata_uri: token.metadataUri ?? null,
            listed: token.listed,
            created_at: token.createdAt,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return { token: tokenOf(row), sequence: await appendToOutbox(transaction, announcement) };
      });
    } catch (error) {
      if (violatedConstraint(error) !== "tokens_pkey") throw error;
      throw new ProblemError("token_exists", `The tenant has a token ${token.address} already.`, {
        cause: error,
      });
    }
  }

  async find(tenantId: string, address: string): Promise<Token | undefined> {
    const row = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("tokens")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("address", "=", address)
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : tokenOf(row);
  }

  async search(tenantId: string, search: TokenSearch): Promise<{ tokens: Token[]; total: number }> {
    return withTenant(this.#database, tenantId, async (transaction) => {
      const matches = transaction
        .selectFrom("tokens")
        .where("tenant_id", "=", tenantId)
        .where((builder) => builder.and(conditionsOf(search, builder)));
      const rows = await matches
        .selectAll()
        .orderBy(SORT_COLUMNS[search.sortBy], search.sortOrder)
        .orderBy("address", "asc")
        .offset(search.offset)
        .limit(search.limit)
        .execute();
      const { total } = await matches
        .select((builder) => builder.fn.countAll<string>().as("total"))
        .executeTakeFirstOrThrow();
      return { tokens: rows.map(tokenOf), total: Number(total) };
    });
  }
}

function conditionsOf(search: TokenSearch, builder: ExpressionBuilder<Schema, "tokens">) {
  const { text, createdFrom, createdTo, minSupply, maxSupply, hasBurns } = search;
  return [
    text === undefined ? undefined : sql<boolean>`search_text like ${patternOf(text)}`,
    createdFrom && builder("created_at", ">=", createdFrom),
    createdTo && builder("created_at", "<=", createdTo),
    minSupply === undefined ? undefined : builder("total_supply", ">=", minSupply.toString()),
    maxSupply === undefined ? undefined : builder("total_supply", "<=", maxSupply.toString()),
    hasBurns === undefined ? undefined : builder("burn_count", hasBurns ? ">" : "=", "0"),
  ].filter((condition) => condition !== undefined);
}

function patternOf(text: string): string {
  return `%${text.toLowerCase().replace(/[\\%_]/g, "\\$&")}%`;
}
