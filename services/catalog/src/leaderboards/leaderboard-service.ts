import type { Cache, CacheResult } from "@orrery/common/cache/cache";
import type { CachedValue } from "@orrery/common/cache/cached-value";
import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type {
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

  /** @throws {ProblemError} leaderboard_not_found */
  async read(
    tenantId: string,
    type: string,
    request: BoardRequest,
  ): Promise<{ value: CachedValue; result: CacheResult }> {
    if (!isBoardType(type)) {
      throw new ProblemError("leaderboard_not_found", `There is no leaderboard ${type}.`);
    }
    const { scope, page, limit } = request;
    const period = periodOf(type, request.period);
    const scopeTenant = scope === "platform" ? undefined : tenantId;
    return this.#cache.read({
      cache: "leaderboard",
      key: `leaderboard:${scopePart(scopeTenant)}:${type}:${period}:${page}:${limit}`,
      topic: boardTopic(scopeTenant, type),
      ttlMs: BOARD_TTL_MS,
      compute: async () => {
        const offset = (page - 1) * limit;
        const board = await this.#boards.readBoard({
          scope: { tenantId: scopeTenant },
          type,
          period,
          offset,
          limit,
        });
        const updatedAt = new Date(this.#clock()).toISOString();
        return {
          value: {
            data: board.rows.map((row, index) => boardRowReply(type, row, offset + index + 1)),
            meta: { type, period, scope, updatedAt, ...pageMeta(page, limit, board.total) },
          },
          changesInMs: board.changesInMs,
        };
      },
    });
  }
}
