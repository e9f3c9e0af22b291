import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { ApiKeyRepository } from "@orrery/common/repositories/api-key/api-key-repository";
import { BoundedCalls } from "./bounded-calls.ts";

interface RevocationWatchOptions {
  keys: Pick<ApiKeyRepository, "listRevoked">;
  /** Never goes back: a clock that is set must not make old news look fresh. */
  monotonicClock: Clock;
  onRevoked: (keyId: string) => void;
  /** A key may end earlier than was known; `isNews` the first time that it is told. */
  onRolled: (keyId: string, isNews: boolean) => void;
  onError: (error: unknown) => void;
  intervalMs?: number;
}

/** A revocation is known everywhere within this and the time of one reading. */
const INTERVAL_MS = 500;
/** Without a successful reading for so long, no key is believed. */
const STALE_AFTER_MS = 5_000;
/** A reading that takes longer has failed, whatever becomes of it. */
const READING_TIMEOUT_MS = 2_000;

/** Knows the revoked keys of the last seconds by asking the store for them again and again. */
export class RevocationWatch {
  readonly #options: RevocationWatchOptions;
  readonly #calls = new BoundedCalls(READING_TIMEOUT_MS);
  #recent: ReadonlySet<string> = new Set();
  #rolled: ReadonlySet<string> = new Set();
  #asOf: Date | undefined;
  #readAtMs = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: RevocationWatchOptions) {
    this.#options = options;
  }

  /** @throws what the first reading failed with: a gateway that cannot know does not start */
  async start(): Promise<void> {
    await this.#read();
    this.#schedule();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** @throws {ProblemError} service_unavailable, when a revocation could have been missed */
  assertFresh(): void {
    if (this.#options.monotonicClock() - this.#readAtMs <= STALE_AFTER_MS) return;
    throw new ProblemError("service_unavailable", "API keys cannot be verified now.", {
      headers: { "retry-after": "1" },
    });
  }

  isRevoked(keyId: string): boolean {
    return this.#recent.has(keyId);
  }

  /** What this instance revoked itself is in force at once. */
  note(keyId: string): void {
    this.#recent = new Set([...this.#recent, keyId]);
    this.#options.onRevoked(keyId);
  }

  /** What this instance rolled itself is known at once. */
  noteRolled(keyId: string): void {
    this.#rolled = new Set([...this.#rolled, keyId]);
    this.#options.onRolled(keyId, true);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      void this.#read()
        .catch(this.#options.onError)
        .finally(() => this.#schedule());
    }, this.#options.intervalMs ?? INTERVAL_MS);
  }

  async #read(): Promise<void> {
    // What is revoked after this moment may be missing: the news is as old as the question.
    const askedAtMs = this.#options.monotonicClock();
    const { onRevoked, onRolled, keys } = this.#options;
    const { keyIds, rolledIds, asOf } = await this.#calls.run(() => keys.listRevoked(this.#asOf));
    const knownRolled = this.#rolled;
    this.#recent = new Set(keyIds);
    this.#rolled = new Set(rolledIds);
    this.#asOf = asOf;
    this.#readAtMs = askedAtMs;
    for (const keyId of keyIds) onRevoked(keyId);
    for (const keyId of rolledIds) onRolled(keyId, !knownRolled.has(keyId));
  }
}
