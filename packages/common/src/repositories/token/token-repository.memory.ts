import { ProblemError } from "../../contracts/errors.ts";
import type { Announcement, Announcer, Committed } from "../outbox/outbox-repository.ts";
import { compareBytes, compareExact, type MemoryCatalog } from "./memory-catalog.ts";
import {
  type FoundTokens,
  type NewToken,
  searchTextOf,
  type Token,
  type TokenRepository,
  type TokenSearch,
  type TokenSort,
} from "./token-repository.ts";

const COMPARISONS: Readonly<Record<TokenSort, (left: Token, right: Token) => number>> = {
  created: (left, right) => left.createdAt.getTime() - right.createdAt.getTime(),
  burned: (left, right) => compareExact(left.totalBurned, right.totalBurned),
  supply: (left, right) => compareExact(left.totalSupply, right.totalSupply),
  name: (left, right) => compareBytes(left.name, right.name),
};

export class MemoryTokenRepository implements TokenRepository {
  readonly #catalog: MemoryCatalog;
  readonly #announcer: Announcer;

  constructor(catalog: MemoryCatalog, announcer: Announcer) {
    this.#catalog = catalog;
    this.#announcer = announcer;
  }

  async create(
    tenantId: string,
    newToken: NewToken,
    announcement: Announcement,
  ): Promise<Committed & { token: Token }> {
    const key = this.#catalog.keyOf(tenantId, newToken.address);
    if (this.#catalog.tokens.has(key)) {
      throw new ProblemError("token_exists", `The tenant has a token ${newToken.address} already.`);
    }
    const token: Token = { ...newToken, tenantId, totalBurned: 0n, burnCount: 0 };
    const sequence = this.#announcer.append(announcement);
    this.#catalog.tokens.set(key, token);
    return { token, sequence };
  }

  async find(tenantId: string, address: string): Promise<Token | undefined> {
    return this.#catalog.tokens.get(this.#catalog.keyOf(tenantId, address));
  }

  async search(tenantId: string, search: TokenSearch): Promise<FoundTokens> {
    const { sortBy, sortOrder, offset, limit } = search;
    const compare = COMPARISONS[sortBy];
    const direction = sortOrder === "asc" ? 1 : -1;
    const ties = sortOrder === (sortBy === "name" ? "asc" : "desc") ? 1 : -1;
    const matches = [...this.#catalog.tokens.values()]
      .filter((token) => token.tenantId === tenantId && isMatch(token, search))
      .toSorted(
        (left, right) =>
          direction * compare(left, right) || ties * compareBytes(left.address, right.address),
      );
    const total = matches.length;
    const end = offset + limit;
    return {
      tokens: matches.slice(offset, end),
      total,
      isTotalExact: true,
      hasNext: total > end,
    };
  }
}

function isMatch(token: Token, search: TokenSearch): boolean {
  const { text, createdFrom, createdTo, minSupply, maxSupply, hasBurns } = search;
  return (
    (text === undefined || searchTextOf(token.name, token.symbol).includes(text.toLowerCase())) &&
    (createdFrom === undefined || token.createdAt >= createdFrom) &&
    (createdTo === undefined || token.createdAt <= createdTo) &&
    (minSupply === undefined || token.totalSupply >= minSupply) &&
    (maxSupply === undefined || token.totalSupply <= maxSupply) &&
    (hasBurns === undefined || token.burnCount > 0 === hasBurns)
  );
}
