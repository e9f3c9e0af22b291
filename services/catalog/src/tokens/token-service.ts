import type { Cache, CacheResult } from "@orrery/common/cache/cache";
import type { CachedValue } from "@orrery/common/cache/cached-value";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { Effect } from "@orrery/common/repositories/idempotency/effect";
import type {
  Token,
  TokenRepository,
  TokenSearch,
} from "@orrery/common/repositories/token/token-repository";
import { searchTopic } from "../catalog-topics.ts";
import type { CatalogWrites } from "../catalog-writes.ts";
import { pageMeta } from "../fields.schemas.ts";
import { type SearchRequest, searchOf, tokenReply } from "./token.ts";

export interface TokenRequest {
  address: string;
  name: string;
  symbol: string;
  decimals: number;
  totalSupply: string;
  metadataUri?: string;
  listed?: boolean;
}

const SEARCH_TTL_MS = 60_000;

/** A tenant's tokens: created, read one by one, searched through the cache. */
export class TokenService {
  readonly #tokens: TokenRepository;
  readonly #writes: CatalogWrites;
  readonly #cache: Cache;

  constructor(tokens: TokenRepository, writes: CatalogWrites, cache: Cache) {
    this.#tokens = tokens;
    this.#writes = writes;
    this.#cache = cache;
  }

  /**
   * The tenant is the creator.
   * @throws {ProblemError} token_exists
   */
  async create(
    tenantId: string,
    request: TokenRequest,
    effect?: Effect<{ token: Token }>,
  ): Promise<Token> {
    const id = this.#writes.newId();
    const announcement = this.#writes.announce("token.created", tenantId, { tokenId: id });
    const { metadataUri, totalSupply, listed = true, ...fields } = request;
    const { token, sequence } = await this.#tokens.create(
      tenantId,
      {
        ...fields,
        id,
        listed,
        metadataUri,
        totalSupply: BigInt(totalSupply),
        createdAt: this.#writes.now(),
      },
      announcement,
      effect,
    );
    this.#writes.committed(announcement, sequence);
    return token;
  }

  /** @throws {ProblemError} token_not_found, for another tenant's token too */
  async get(tenantId: string, address: string): Promise<Token> {
    const token = await this.#tokens.find(tenantId, address);
    if (token === undefined) {
      throw new ProblemError("token_not_found", `The tenant has no token ${address}.`);
    }
    return token;
  }

  /** @throws {ProblemError} invalid_request when a range ends before it begins */
  async search(
    tenantId: string,
    request: SearchRequest,
  ): Promise<{ value: CachedValue; result: CacheResult }> {
    const search = searchOf(request);
    assertRanges(search);
    return this.#cache.read({
      cache: "tokens",
      key: searchKey(tenantId, search),
      topic: searchTopic(tenantId),
      ttlMs: SEARCH_TTL_MS,
      compute: async () => {
        const found = await this.#tokens.search(tenantId, search);
        const meta = {
          ...pageMeta(request.page, search.limit, found.total),
          hasNext: found.hasNext,
          ...(found.isTotalExact ? {} : { isTotalMinimum: true }),
        };
        return { value: { data: found.tokens.map(tokenReply), meta } };
      },
    });
  }
}

/** Begins with the tenant; values are escaped, so that none can pose as another parameter. */
function searchKey(tenantId: string, search: TokenSearch): string {
  const parameters = Object.entries(search)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]): [string, string] => [
      name,
      value instanceof Date ? value.toISOString() : String(value),
    ]);
  return `${tenantId}:tokens:${new URLSearchParams(parameters).toString()}`;
}

function assertRanges(search: TokenSearch): void {
  const { createdFrom, createdTo, minSupply, maxSupply } = search;
  const faults = [
    createdFrom !== undefined && createdTo !== undefined && createdFrom > createdTo
      ? { pointer: "#/endDate", detail: "must not be before startDate", in: "query" as const }
      : undefined,
    minSupply !== undefined && maxSupply !== undefined && minSupply > maxSupply
      ? { pointer: "#/maxSupply", detail: "must not be below minSupply", in: "query" as const }
      : undefined,
  ].filter((fault) => fault !== undefined);
  if (faults.length > 0) {
    throw new ProblemError("invalid_request", "The query is not valid.", { errors: faults });
  }
}
