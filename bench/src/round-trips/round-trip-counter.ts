/** Type and length of a message. */
const HEADER_BYTES = 5;
/** A simple query, and the end of an extended one: what a client waits after. */
const WAITED_FOR = new Set(["Q".charCodeAt(0), "S".charCodeAt(0)]);

/**
 * Counts the round trips in what one client sends to Postgres, when it is the given application.
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
export class RoundTripCounter {
  readonly #application: string;
  readonly #onRoundTrip: () => void;
  #pending: Buffer = Buffer.alloc(0);
  /** Undefined until the client has said who it is. */
  #isCounted: boolean | undefined;

  constructor(application: string, onRoundTrip: () => void) {
    this.#application = application;
    this.#onRoundTrip = onRoundTrip;
  }

  /** The next bytes, cut anywhere. */
  read(chunk: Buffer): void {
    this.#pending = this.#isIgnored ? this.#pending : Buffer.concat([this.#pending, chunk]);
    while (!this.#isIgnored && this.#readMessage()) {
      // Every whole message that has arrived.
    }
  }

  get #isIgnored(): boolean {
    return this.#isCounted === false;
  }

  #readMessage(): boolean {
    const isStartup = this.#isCounted === undefined;
    // The first message has no type.
    const typeBytes = isStartup ? 0 : 1;
    if (this.#pending.length < HEADER_BYTES) return false;
    const end = typeBytes + this.#pending.readUInt32BE(typeBytes);
    if (this.#pending.length < end) return false;
    const message = this.#pending.subarray(0, end);
    this.#pending = this.#pending.subarray(end);
    if (isStartup) this.#isCounted = this.#isSentBy(message);
    else if (WAITED_FOR.has(message[0] ?? 0)) this.#onRoundTrip();
    return true;
  }

  #isSentBy(startup: Buffer): boolean {
    const words = startup.subarray(8).toString("utf8").split("\0");
    return words.some(
      (word, index) => word === "application_name" && words[index + 1] === this.#application,
    );
  }
}
