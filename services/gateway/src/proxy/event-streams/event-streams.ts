import type { Clock } from "@orrery/common/contracts/clock";
import { EventStream } from "./event-stream.ts";

/** Why a stream was ended by the gateway. */
export type EndReason = "revoked" | "expired" | "unverifiable" | "draining";

interface EventStreamsOptions {
  /** Milliseconds since 1970. */
  readonly clock: Clock;
  /** Whether a key's revocation would be known by now. */
  readonly areRevocationsKnown: () => boolean;
  readonly onEnded: (reason: EndReason) => void;
}

interface Reader {
  readonly principal: string;
  readonly expiresAtMs: number | undefined;
  /** Ends the reader's stream; called at most once. */
  readonly end: (reason: EndReason) => void;
}

/** How often streams are looked at: an expired credential's is ended within this. */
export const LOOK_EVERY_MS = 250;
/** Longer than the services' own heartbeats are apart, so that only one of us beats. */
export const SILENT_MS = 20_000;

/**
 * All open streams of events. A request is over before its credential can be; a stream is not: it ends
 * with the revocation of its key, at the end of its credential's time, when neither can be known, and
 * when the gateway drains. Its reader comes back, and is looked at again.
 */
export class EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #readers = new Map<EventStream, Reader>();
  readonly #byPrincipal = new Map<string, Set<EventStream>>();
  #timer: NodeJS.Timeout | undefined;
  #isDraining = false;

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#readers.size;
  }

  /** From before the request is sent, so that no news is missed. Every stream must be closed. */
  open(reader: Reader): EventStream {
    const { principal, expiresAtMs } = reader;
    const stream = new EventStream(principal, expiresAtMs, this.#options.clock);
    this.#readers.set(stream, reader);
    const ofPrincipal = this.#byPrincipal.get(principal);
    if (ofPrincipal === undefined) this.#byPrincipal.set(principal, new Set([stream]));
    else ofPrincipal.add(stream);
    this.#timer ??= setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
    if (this.#isDraining) this.#end(stream, "draining");
    return stream;
  }

  close(stream: EventStream): void {
    if (!this.#readers.delete(stream)) return;
    const ofPrincipal = this.#byPrincipal.get(stream.principal);
    ofPrincipal?.delete(stream);
    if (ofPrincipal?.size === 0) this.#byPrincipal.delete(stream.principal);
    if (this.#readers.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** The principal's credential is no longer good: its streams end now. */
  revoke(principal: string): void {
    for (const stream of [...(this.#byPrincipal.get(principal) ?? [])])
      this.#end(stream, "revoked");
  }

  /** Ends every stream, and each that is opened from now on. */
  drain(): void {
    this.#isDraining = true;
    for (const stream of [...this.#readers.keys()]) this.#end(stream, "draining");
  }

  #look(): void {
    const { clock, areRevocationsKnown } = this.#options;
    const nowMs = clock();
    const areKeysKnown = areRevocationsKnown();
    for (const stream of [...this.#readers.keys()]) {
      if (stream.expiresAtMs <= nowMs) this.#end(stream, "expired");
      else if (!areKeysKnown && stream.principal.startsWith("key:"))
        this.#end(stream, "unverifiable");
      else stream.beat(SILENT_MS);
    }
  }

  #end(stream: EventStream, reason: EndReason): void {
    const reader = this.#readers.get(stream);
    this.close(stream);
    if (reader === undefined) return;
    this.#options.onEnded(reason);
    reader.end(reason);
  }
}
