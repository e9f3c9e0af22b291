import type { Cache, CacheResult } from "@orrery/common/cache/cache";
import type { CachedValue } from "@orrery/common/cache/cached-value";
import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type {
  BoardType,
  LeaderboardRepository,
  Period,
} from "@orrery/common/repositories/leaderboard/leaderboard-repository";
import { boardTopic, scopePart } from "../catalog-topics.ts";
import { pageMeta } from "../fields.schemas.ts";
import { boardRowReply, isBoardType, periodOf } from "./leaderboard.ts";

export interface BoardRequest {
  period: Period;
  scope: "platform" | "tenant";
  page: number;
  limit: number;
}

export interface LocatedBoard {
  readonly key: string;
  readonly topic: string;
  readonly board: {
    readonly type: BoardType;
    readonly period: Period;
    readonly scope: BoardRequest["scope"];
    /** Undefined: the platform's board. */
    readonly scopeTenant: string | undefined;
    readonly page: number;
    readonly limit: number;
  };
}

const BOARD_TTL_MS = 300_000;

/** The boards, through the cache. */
export class LeaderboardService {
  readonly #boards: LeaderboardRepository;
  readonly #cache: Cache;
  readonly #clock: Clock;

  constructor(boards: LeaderboardRepository, cache: Cache, clock: Clock) {
    this.#boards = boards;
    this.#cache = cache;
    this.#clock = clock;
  }

  /**
   * Where a board is in the cache: its key, and the topic that makes it old.
   * @throws {ProblemError} leaderboard_not_found
   */
  locate(tenantId: string, type: string, request: BoardRequest): LocatedBoard {
    if (!isBoardType(type)) {
      throw new ProblemError("leaderboard_not_found", `There is no leaderboard ${type}.`);
    }
    const { scope, page, limit } = request;
    const period = periodOf(type, request.period);
    const scopeTenant = scope === "platform" ? undefined : tenantId;
    return {
      key: `leaderboard:${scopePart(scopeTenant)}:${type}:${period}:${page}:${limit}`,
      topic: boardTopic(scopeTenant, type),
      board: { type, period, scope, scopeTenant, page, limit },
    };
  }

  /** @throws {ProblemError} leaderboard_not_found */
  read(
    tenantId: string,
    type: string,
    request: BoardRequest,
  ): Promise<{ value: CachedValue; result: CacheResult }> {
    return this.readLocated(this.locate(tenantId, type, request));
  }

  readLocated({
    key,
    topic,
    board,
  }: LocatedBoard): Promise<{ value: CachedValue; result: CacheResult }> {
    const { type, period, scope, scopeTenant, page, limit } = board;
    return this.#cache.read({
      cache: "leaderboard",
      key,
      topic,
      ttlMs: BOARD_TTL_MS,
      compute: async () => {
        const offset = (page - 1) * limit;
        const { rows, total, changesInMs } = await this.#boards.readBoard({
          scope: { tenantId: scopeTenant },
          type,
          period,
          offset,
          limit,
        });
        const updatedAt = new Date(this.#clock()).toISOString();
        return {
          value: {
            data: rows.map((row, index) => boardRowReply(type, row, offset + index + 1)),
            meta: { type, period, scope, updatedAt, ...pageMeta(page, limit, total) },
          },
          changesInMs,
        };
      },
    });
  }
}
