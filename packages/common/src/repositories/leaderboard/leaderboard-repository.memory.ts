import type { Clock } from "../../contracts/clock.ts";
import {
  compareBytes,
  compareExact,
  type MemoryCatalog,
  type RecordedTokenBurn,
} from "../token/memory-catalog.ts";
import type { Token } from "../token/token-repository.ts";
import type { Board, BoardPage, LeaderboardRepository } from "./leaderboard-repository.ts";
import { PERIOD_MS } from "./periods.ts";

/** Boards counted anew from all burns at every read: for one process and small data. */
export class MemoryLeaderboardRepository implements LeaderboardRepository {
  readonly #catalog: MemoryCatalog;
  readonly #clock: Clock;

  constructor(catalog: MemoryCatalog, clock: Clock) {
    this.#catalog = catalog;
    this.#clock = clock;
  }

  async advance(): Promise<void> {}

  async readBoard(page: BoardPage): Promise<Board> {
    const { tenantId } = page.scope;
    const nowMs = this.#clock();
    const rows = [...this.#catalog.tokens.values()]
      .filter((token) => (tenantId === undefined ? token.listed : token.tenantId === tenantId))
      .flatMap((token) => {
        const metric = this.#metricOf(token, page, nowMs);
        return metric === undefined ? [] : [{ token, metric }];
      })
      .toSorted(
        (left, right) =>
          compareExact(right.metric, left.metric) ||
          compareBytes(left.token.address, right.token.address) ||
          compareBytes(left.token.tenantId, right.token.tenantId),
      );
    return {
      rows: rows.slice(page.offset, page.offset + page.limit),
      total: rows.length,
      changesInMs: this.#changesInMs(page, nowMs),
    };
  }

  #metricOf(token: Token, page: BoardPage, nowMs: number): bigint | undefined {
    if (page.type === "newest") return BigInt(token.createdAt.getTime());
    if (page.type === "largest-supply") return token.totalSupply;
    const burns = this.#burnsOf(token).filter((burn) => isInside(burn, page, nowMs));
    if (burns.length === 0) return undefined;
    if (page.type === "most-active") return BigInt(burns.length);
    if (page.type === "most-burners") return BigInt(new Set(burns.map((b) => b.burnedBy)).size);
    return burns.reduce((sum, burn) => sum + burn.amount, 0n);
  }

  #burnsOf(token: Token): RecordedTokenBurn[] {
    return [...this.#catalog.burns.values()].filter(
      (burn) => burn.tenantId === token.tenantId && burn.tokenAddress === token.address,
    );
  }

  #changesInMs(page: BoardPage, nowMs: number): number | undefined {
    if (page.type === "newest" || page.type === "largest-supply") return undefined;
    const widthMs = PERIOD_MS[page.period];
    const times = [...this.#catalog.burns.values()].flatMap(({ burnedAt }) => {
      const atMs = burnedAt.getTime();
      return widthMs === undefined ? [atMs] : [atMs, atMs + widthMs + 1];
    });
    const next = times.filter((atMs) => atMs > nowMs).reduce((a, b) => Math.min(a, b), Infinity);
    return next === Infinity ? undefined : next - nowMs;
  }
}

function isInside(burn: RecordedTokenBurn, { period }: BoardPage, nowMs: number): boolean {
  const widthMs = PERIOD_MS[period];
  const atMs = burn.burnedAt.getTime();
  return atMs <= nowMs && (widthMs === undefined || atMs >= nowMs - widthMs);
}
