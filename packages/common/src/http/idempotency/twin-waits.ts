import { idempotencyInProgress } from "../../repositories/idempotency/claim-refused.ts";

/** How often a twin looks again: soon at first, then less and less often. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 250;
/** Requests of a process that wait for their twins; more are told to come again. */
const MAX_WAITING = 256;

/** Until when a request may wait for its twin. */
export class TwinPatience {
  readonly #deadlineMs: number;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(waitMs: number) {
    this.#deadlineMs = performance.now() + waitMs;
  }

  /** How long to wait until the next look; undefined: it has waited long enough. */
  next(): number | undefined {
    const leftMs = this.#deadlineMs - performance.now();
    if (leftMs <= 0) return undefined;
    const pauseMs = Math.min(this.#pauseMs, leftMs);
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    return pauseMs;
  }
}

/**
 * The requests of this process that are being worked on, and those that wait for them. A twin in the
 * same process is woken when the first is done; one in another process looks again and again, with
 * nothing held meanwhile.
 */
export class TwinWaits {
  /** By token, who waits for the one that works on it. */
  readonly #working = new Map<string, Set<() => void>>();
  readonly #waiting = new Set<() => void>();
  #isClosed = false;

  /** Whether nobody in this process works on the key; whoever asked does from now on. */
  tryBegin(token: string): boolean {
    if (this.#working.has(token)) return false;
    this.#working.set(token, new Set());
    return true;
  }

  /** The work is over: whoever waits may look. */
  end(token: string): void {
    const twins = this.#working.get(token) ?? [];
    this.#working.delete(token);
    for (const wake of [...twins]) wake();
  }

  /**
   * Waits for the twin, or a while.
   * @throws {ProblemError} idempotency_in_progress when the patience is over, too many wait, or the
   *   service drains
   */
  async pause(token: string, patience: TwinPatience): Promise<void> {
    const pauseMs = patience.next();
    if (pauseMs === undefined || this.#isClosed || this.#waiting.size >= MAX_WAITING) {
      throw idempotencyInProgress();
    }
    const twins = this.#working.get(token);
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        twins?.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, pauseMs);
      this.#waiting.add(wake);
      twins?.add(wake);
    });
  }

  /** Whoever waits is told to come again, and nobody waits any more. */
  close(): void {
    this.#isClosed = true;
    for (const wake of [...this.#waiting]) wake();
  }
}
