import type { Writable } from "node:stream";
import type { Clock } from "@orrery/common/contracts/clock";

const LINE_FEED = 0x0a;
/** A comment, which readers skip. Without a blank line: that would end an event that is half sent. */
const HEARTBEAT = ":\n";

/** Where the answer is written. */
type Wire = Pick<Writable, "write" | "writableNeedDrain">;

/** One answer of server-sent events on its way to a reader. */
export class EventStream {
  readonly principal: string;
  /** When the reader's credential ends, in milliseconds since 1970. */
  readonly expiresAtMs: number;
  readonly #clock: Clock;
  #wire: Wire | undefined;
  #passedAtMs = Number.POSITIVE_INFINITY;
  #isAtLineEnd = true;

  /** `clock`: milliseconds since 1970. */
  constructor(principal: string, expiresAtMs: number | undefined, clock: Clock) {
    this.#clock = clock;
    this.principal = principal;
    this.expiresAtMs = expiresAtMs ?? Number.POSITIVE_INFINITY;
  }

  get hasBegun(): boolean {
    return this.#wire !== undefined;
  }

  /** The answer has begun, and is one of events in plain text: what is written into it is understood. */
  begin(wire: Wire): void {
    this.#wire = wire;
    this.#passedAtMs = this.#clock();
  }

  passed(chunk: Buffer): void {
    this.#passedAtMs = this.#clock();
    this.#isAtLineEnd = chunk.at(-1) === LINE_FEED;
  }

  /** Says something to the reader when the service has said nothing for `silentMs`. */
  beat(silentMs: number): void {
    const nowMs = this.#clock();
    if (this.#wire === undefined || nowMs - this.#passedAtMs < silentMs) return;
    this.#passedAtMs = nowMs;
    // In the middle of a line it would be read as a part of it; a reader who takes nothing needs none.
    if (this.#isAtLineEnd && !this.#wire.writableNeedDrain) this.#wire.write(HEARTBEAT);
  }
}

/** Whether an answer's head announces events that a comment can be written between. */
export function isEventStream(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): boolean {
  const type = headers["content-type"];
  return (
    typeof type === "string" &&
    /^text\/event-stream\b/i.test(type) &&
    headers["content-length"] === undefined &&
    headers["content-encoding"] === undefined
  );
}
