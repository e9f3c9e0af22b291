import { createHash } from "node:crypto";
import type { CachedValue } from "@orrery/common/cache/cached-value";
import type { Clock } from "@orrery/common/contracts/clock";
import { outsideRequest } from "@orrery/common/observability/database/query-tally";
import type { LiveListener } from "./live-listener.ts";

interface LiveBoardOptions {
  readonly read: () => Promise<CachedValue>;
  /** Steady milliseconds. */
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** A board is pushed no more often, and looked at no less often: windows age without an event. */
export const PUSH_INTERVAL_MS = 5_000;

interface Push {
  /** Equal for equal rows, on every instance: what a reader resumes from. */
  readonly id: string;
  readonly frame: Buffer;
}

/** One board and those who watch it: one read for all of them. */
export class LiveBoard {
  readonly listeners = new Set<LiveListener>();
  readonly #options: LiveBoardOptions;
  #etag: string | undefined;
  #push: Push | undefined;
  #pushedAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #reading: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: LiveBoardOptions) {
    this.#options = options;
  }

  /** The board as it is goes to the reader, unless `lastEventId` says that he has it. */
  async greet(listener: LiveListener, lastEventId: string | undefined): Promise<void> {
    if (this.#push === undefined) await this.#look();
    if (this.#push === undefined || this.#push.id === lastEventId) return;
    listener.offer(this.#push.frame, this.#options.clock());
  }

  /** Its topic was raised: look as soon as another push is due. */
  nudge(): void {
    this.#scheduleAt(Math.max(this.#options.clock(), this.#pushedAtMs + PUSH_INTERVAL_MS));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  #scheduleAt(atMs: number): void {
    if (this.#isClosed || atMs >= this.#dueAtMs) return;
    this.#dueAtMs = atMs;
    clearTimeout(this.#timer);
    const look = () => {
      this.#dueAtMs = Number.POSITIVE_INFINITY;
      // For all who read; the one whose request began it reads for hours.
      void outsideRequest(() => this.#pushNews());
    };
    this.#timer = setTimeout(look, Math.max(0, atMs - this.#options.clock()));
    this.#timer.unref();
  }

  async #pushNews(): Promise<void> {
    const before = this.#push?.id;
    // A read that is under way may have begun before the change that woke us.
    await this.#reading?.catch(() => {});
    try {
      await this.#look();
    } catch (error) {
      this.#options.onError(error);
    }
    const push = this.#push;
    if (push === undefined || push.id === before) return;
    const nowMs = this.#options.clock();
    for (const listener of this.listeners) listener.offer(push.frame, nowMs);
  }

  #look(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
      this.#scheduleAt(this.#options.clock() + PUSH_INTERVAL_MS);
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const value = await this.#options.read();
    if (value.etag === this.#etag) return;
    this.#etag = value.etag;
    const id = idOf(value);
    if (id === this.#push?.id) return;
    this.#pushedAtMs = this.#options.clock();
    this.#push = { id, frame: frameOf(id, value) };
  }
}

/** Of the rows and the totals: when the board was computed is no change. */
function idOf({ body }: CachedValue): string {
  const board = JSON.parse(body.toString()) as { meta: Record<string, unknown> };
  const { updatedAt: _, ...meta } = board.meta;
  return createHash("sha256")
    .update(JSON.stringify({ ...board, meta }))
    .digest("base64url")
    .slice(0, 22);
}

/** @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation */
function frameOf(id: string, { body }: CachedValue): Buffer {
  // JSON has no line breaks of its own, so that one data line holds it.
  return Buffer.concat([Buffer.from(`event: board\nid: ${id}\ndata: `), body, Buffer.from("\n\n")]);
}
