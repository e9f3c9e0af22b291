import type { Effect } from "../idempotency/effect.ts";
import type { Announcement, Committed } from "../outbox/outbox-repository.ts";

/** A token of a tenant. Amounts are i128 integers in the token's smallest unit. */
export interface Token {
  readonly id: string;
  readonly tenantId: string;
  /** Unique per tenant; ordered bytewise. */
  readonly address: string;
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  /** What is left after burns. */
  readonly totalSupply: bigint;
  readonly totalBurned: bigint;
  readonly burnCount: number;
  readonly metadataUri: string | undefined;
  /** Whether the platform's boards show it. */
  readonly listed: boolean;
  readonly createdAt: Date;
}

export type NewToken = Omit<Token, "totalBurned" | "burnCount" | "tenantId">;

export const TOKEN_SORTS = ["created", "burned", "supply", "name"] as const;
export type TokenSort = (typeof TOKEN_SORTS)[number];

export interface TokenSearch {
  /** Substring of name or symbol; case does not matter, `%` and `_` stand for themselves. */
  readonly text?: string;
  /** Both bounds of a range are inclusive. */
  readonly createdFrom?: Date;
  readonly createdTo?: Date;
  readonly minSupply?: bigint;
  readonly maxSupply?: bigint;
  readonly hasBurns?: boolean;
  /**
   * Ties are ordered by address, names and addresses bytewise: upwards when the newest, the largest
   * or the first name comes first, downwards when the order is turned round.
   */
  readonly sortBy: TokenSort;
  readonly sortOrder: "asc" | "desc";
  readonly offset: number;
  readonly limit: number;
}

export interface FoundTokens {
  readonly tokens: Token[];
  /** How many tokens match, or how many at least. */
  readonly total: number;
  /** False only where more than 10,000 match, or the tenant has more than 10,000 tokens. */
  readonly isTotalExact: boolean;
  readonly hasNext: boolean;
}

export interface TokenRepository {
  /**
   * Stores a token and queues its event, both or neither; with them the answer of `effect`.
   * @throws {ProblemError} token_exists
   */
  create(
    tenantId: string,
    token: NewToken,
    announcement: Announcement,
    effect?: Effect<Committed & { token: Token }>,
  ): Promise<Committed & { token: Token }>;

  find(tenantId: string, address: string): Promise<Token | undefined>;

  search(tenantId: string, search: TokenSearch): Promise<FoundTokens>;
}

/** What a search looks into: lower case, the two parts kept apart by a character that no text has. */
export function searchTextOf(name: string, symbol: string): string {
  return `${name.toLowerCase()}\n${symbol.toLowerCase()}`;
}
