import type { Clock } from "../contracts/clock.ts";
import type { Audience, RequestContext } from "../contracts/request-context.ts";
import type { ContextKey } from "./context-keys.ts";
import { openContext, type VerifiedContext } from "./signed-context.ts";

/** With headers of at most 4 KiB a few megabytes at the very most. */
const CAPACITY = 1_000;

/**
 * Verifies signed contexts, each header once: a gateway sends the same one for as long as it is good.
 * A header is never believed past its own expiry.
 */
export class VerifiedContexts {
  readonly #audience: Audience;
  readonly #keys: readonly ContextKey[];
  readonly #clock: Clock;
  /** By header, oldest first. */
  readonly #verified = new Map<string, VerifiedContext>();

  constructor(audience: Audience, keys: readonly ContextKey[], clock: Clock) {
    this.#audience = audience;
    this.#keys = keys;
    this.#clock = clock;
  }

  /** The context that the header vouches for; undefined as `openContext` has it. */
  verify(header: string): RequestContext | undefined {
    const known = this.#verified.get(header);
    if (known !== undefined && this.#clock() < known.expiresAtMs) return known.context;
    const opened = openContext(header, this.#audience, this.#keys, this.#clock);
    if (opened === undefined) {
      this.#verified.delete(header);
      return undefined;
    }
    this.#verified.set(header, opened);
    if (this.#verified.size > CAPACITY) {
      const [oldest] = this.#verified.keys();
      if (oldest !== undefined) this.#verified.delete(oldest);
    }
    return opened.context;
  }
}
