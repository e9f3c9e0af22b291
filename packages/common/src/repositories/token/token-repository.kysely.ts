import { ProblemError } from "../../contracts/errors.ts";
import { type OrreryDatabase, withTenant, withTenantEffect } from "../database.ts";
import type { Effect } from "../idempotency/effect.ts";
import { appendToOutbox } from "../outbox/outbox-append.ts";
import type { Announcement, Committed } from "../outbox/outbox-repository.ts";
import { violatedConstraint } from "../postgres-error.ts";
import { hasTrigramIndex } from "./token-index.kysely.ts";
import { listTokens } from "./token-list.kysely.ts";
import {
  type FoundTokens,
  type NewToken,
  searchTextOf,
  type Token,
  type TokenRepository,
  type TokenSearch,
} from "./token-repository.ts";
import { tokenOf } from "./token-row.ts";
import { SEARCH_BOUNDS, type SearchBounds, searchText } from "./token-search.kysely.ts";

export class KyselyTokenRepository implements TokenRepository {
  readonly #database: OrreryDatabase;
  readonly #bounds: SearchBounds;
  #hasTrigrams: boolean | undefined;

  constructor(database: OrreryDatabase, bounds: SearchBounds = SEARCH_BOUNDS) {
    this.#database = database;
    this.#bounds = bounds;
  }

  async create(
    tenantId: string,
    token: NewToken,
    announcement: Announcement,
    effect?: Effect<Committed & { token: Token }>,
  ): Promise<Committed & { token: Token }> {
    try {
      return await withTenantEffect(this.#database, tenantId, effect, async (transaction) => {
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

  async search(tenantId: string, search: TokenSearch): Promise<FoundTokens> {
    const { text } = search;
    if (text === undefined) {
      return withTenant(this.#database, tenantId, (transaction) =>
        listTokens(transaction, tenantId, search, this.#bounds.counted),
      );
    }
    return searchText(
      tenantId,
      { ...search, text: text.toLowerCase() },
      {
        database: this.#database,
        bounds: this.#bounds,
        hasTrigrams: () => this.#knowsTrigrams(),
      },
    );
  }

  /** Asked once: an index that is made later serves from the next start. */
  async #knowsTrigrams(): Promise<boolean> {
    this.#hasTrigrams ??= await hasTrigramIndex(this.#database);
    return this.#hasTrigrams;
  }
}
