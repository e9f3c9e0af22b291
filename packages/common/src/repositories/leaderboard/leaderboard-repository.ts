import type { Token } from "../token/token-repository.ts";

export const BOARD_TYPES = [
  "most-burned",
  "most-active",
  "most-burners",
  "newest",
  "largest-supply",
] as const;
export type BoardType = (typeof BOARD_TYPES)[number];

export const PERIODS = ["24h", "7d", "30d", "all"] as const;
export type Period = (typeof PERIODS)[number];

/** Undefined tenant: the listed tokens of all. */
export interface BoardScope {
  readonly tenantId: string | undefined;
}

export interface BoardPage {
  readonly scope: BoardScope;
  readonly type: BoardType;
  /** `newest` and `largest-supply` know `all` alone. */
  readonly period: Period;
  readonly offset: number;
  readonly limit: number;
}

/** What everyone may see of a token. */
export type PublicToken = Omit<Token, "id" | "tenantId" | "listed">;

export interface BoardRow {
  readonly token: PublicToken;
  /** An amount, a count, or milliseconds since the epoch for `newest`. */
  readonly metric: bigint;
}

export interface Board {
  readonly rows: readonly BoardRow[];
  /** Tokens on the board, all pages. */
  readonly total: number;
  /** When time alone may next change the board; undefined: never. */
  readonly changesInMs: number | undefined;
}

/**
 * The boards over tokens and burns. A burn counts in a period from its own time until it is older
 * than the period, both ends included; in `all` for good. Equal metrics are ordered by token
 * address, bytewise.
 */
export interface LeaderboardRepository {
  /** The board with everything that has committed before the call. */
  readBoard(page: BoardPage): Promise<Board>;

  /** Brings the scores up to the present, so that reads find little to do. */
  advance(): Promise<void>;
}
