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
  /** Ties, and names, are ordered bytewise. */
  readonly sortBy: TokenSort;
  readonly sortOrder: "asc" | "desc";
  readonly offset: number;
  readonly limit: number;
}

export interface TokenRepository {
  /**
   * Stores a token and queues its event, both or neither.
   * @throws {ProblemError} token_exists
   */
  create(
    tenantId: string,
    token: NewToken,
    announcement: Announcement,
  ): Promise<Committed & { token: Token }>;

  find(tenantId: string, address: string): Promise<Token | undefined>;

  search(tenantId: string, search: TokenSearch): Promise<{ tokens: Token[]; total: number }>;
}

/** What a search looks into: lower case, the two parts kept apart by a character that no text has. */
export function searchTextOf(name: string, symbol: string): string {
  return `${name.toLowerCase()}\n${symbol.toLowerCase()}`;
}
