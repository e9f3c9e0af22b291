import { Readable } from "node:stream";

/** What a reader may leave unread before newer pushes replace older ones. */
const BUFFER_BYTES = 64 * 1024;
const HEARTBEAT = Buffer.from(":\n\n");

/**
 * One reader of server-sent events. Whoever reads more slowly than the board changes is sent the
 * newest push when he is ready for it, and never a backlog.
 */
export class LiveListener extends Readable {
  readonly sinceMs: number;
  #isReady = true;
  #next: Buffer | undefined;
  #stalledSinceMs: number | undefined;

  /** `retryMs`: how soon a reader that lost its connection should come back. */
  constructor(nowMs: number, retryMs: number) {
    super({ highWaterMark: BUFFER_BYTES });
    this.sinceMs = nowMs;
    // Sent at once, so that a reader who is up to date sees an answer before the next change.
    this.push(`retry: ${retryMs}\n\n`);
  }

  offer(frame: Buffer, nowMs: number): void {
    if (this.#isReady) {
      this.#isReady = this.push(frame);
      return;
    }
    this.#stalledSinceMs ??= nowMs;
    this.#next = frame;
  }

  /** Keeps idle connections open along the way. */
  beat(): void {
    if (this.#isReady) this.#isReady = this.push(HEARTBEAT);
  }

  /** How long a push has waited for this reader. */
  stalledForMs(nowMs: number): number {
    return this.#stalledSinceMs === undefined ? 0 : nowMs - this.#stalledSinceMs;
  }

  override _read(): void {
    this.#isReady = true;
    this.#stalledSinceMs = undefined;
    const frame = this.#next;
    this.#next = undefined;
    if (frame !== undefined) this.#isReady = this.push(frame);
  }

  end(): void {
    this.push(null);
  }
}
