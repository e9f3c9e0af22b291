import type { Readable } from "node:stream";
import type { Cache } from "@orrery/common/cache/cache";
import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type {
  BoardRequest,
  LeaderboardService,
  LocatedBoard,
} from "../leaderboards/leaderboard-service.ts";
import { LiveBoard } from "./live-board.ts";
import { LiveListener } from "./live-listener.ts";

export interface LiveBoardsOptions {
  boards: LeaderboardService;
  cache: Pick<Cache, "subscribe">;
  /** Steady milliseconds. */
  clock: Clock;
  onError: (error: unknown) => void;
  maxListeners?: number;
}

const MAX_LISTENERS = 10_000;
const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for so long has gone. */
const MAX_STALL_MS = 60_000;
/** Then a reader comes back with a credential that is looked at again. */
const MAX_AGE_MS = 3_600_000;
const RETRY_MS = 2_000;
const FULL_RETRY_AFTER_SECONDS = "10";

/** The boards that somebody watches: each is read once for all its readers. */
export class LiveBoards {
  readonly #options: LiveBoardsOptions;
  readonly #boards = new Map<string, LiveBoard>();
  readonly #byTopic = new Map<string, Set<LiveBoard>>();
  readonly #unsubscribe: () => void;
  readonly #heartbeat: NodeJS.Timeout;
  #listenerCount = 0;
  #isClosed = false;

  constructor(options: LiveBoardsOptions) {
    this.#options = options;
    this.#unsubscribe = options.cache.subscribe((topic) => this.#nudge(topic));
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get listenerCount(): number {
    return this.#listenerCount;
  }

  /**
   * Server-sent events: the board now, unless `lastEventId` says that the reader has it, and again
   * whenever it changed.
   * @throws {ProblemError} leaderboard_not_found, live_full
   */
  async listen(
    tenantId: string,
    type: string,
    request: BoardRequest,
    lastEventId: string | undefined,
  ): Promise<Readable> {
    const { boards, clock, maxListeners = MAX_LISTENERS } = this.#options;
    const located = boards.locate(tenantId, type, request);
    if (this.#isClosed || this.#listenerCount >= maxListeners) {
      throw new ProblemError("live_full", "This instance takes no more live readers.", {
        headers: { "retry-after": FULL_RETRY_AFTER_SECONDS },
      });
    }
    const board = this.#watch(located);
    const listener = new LiveListener(clock(), RETRY_MS);
    board.listeners.add(listener);
    this.#listenerCount += 1;
    listener.once("close", () => this.#forget(located, board, listener));
    try {
      await board.greet(listener, lastEventId);
    } catch (error) {
      listener.destroy();
      throw error;
    }
    return listener;
  }

  /** Ends every stream: its reader comes back to another instance. */
  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    clearInterval(this.#heartbeat);
    for (const board of this.#boards.values()) {
      board.close();
      for (const listener of board.listeners) listener.end();
    }
  }

  #watch(located: LocatedBoard): LiveBoard {
    const { key, topic } = located;
    const known = this.#boards.get(key);
    if (known !== undefined) return known;
    const { boards, clock, onError } = this.#options;
    const read = async () => (await boards.readLocated(located)).value;
    const board = new LiveBoard({ read, clock, onError });
    this.#boards.set(key, board);
    this.#byTopic.set(topic, (this.#byTopic.get(topic) ?? new Set()).add(board));
    return board;
  }

  #nudge(topic: string): void {
    for (const board of this.#byTopic.get(topic) ?? []) board.nudge();
  }

  #beat(): void {
    const nowMs = this.#options.clock();
    for (const board of this.#boards.values()) {
      for (const listener of board.listeners) {
        if (listener.stalledForMs(nowMs) > MAX_STALL_MS) listener.destroy();
        else if (nowMs - listener.sinceMs > MAX_AGE_MS) listener.end();
        else listener.beat();
      }
    }
  }

  #forget({ key, topic }: LocatedBoard, board: LiveBoard, listener: LiveListener): void {
    this.#listenerCount -= 1;
    board.listeners.delete(listener);
    if (board.listeners.size > 0) return;
    board.close();
    this.#boards.delete(key);
    const ofTopic = this.#byTopic.get(topic);
    ofTopic?.delete(board);
    if (ofTopic?.size === 0) this.#byTopic.delete(topic);
  }
}
