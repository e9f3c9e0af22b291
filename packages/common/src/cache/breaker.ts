import type { Clock } from "../contracts/clock.ts";

/** Failures in a row after which a dependency is left alone. */
const FAILURES = 3;
/** How long it is left alone before one call tries it again. */
const REST_MS = 1_000;

/** Calls a dependency within a bound, and not at all while it keeps failing. */
export class Breaker {
  readonly #timeoutMs: number;
  readonly #clock: Clock;
  #failures = 0;
  #restsUntilMs = 0;

  constructor(timeoutMs: number, clock: Clock) {
    this.#timeoutMs = timeoutMs;
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#failures >= FAILURES && this.#clock() < this.#restsUntilMs;
  }

  /** Undefined when the call fails, is late, or was not made. */
  async attempt<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
    if (this.isOpen) return undefined;
    // While it is tried again, everyone else goes on without it.
    if (this.#failures >= FAILURES) this.#restsUntilMs = this.#clock() + REST_MS;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error("late")), this.#timeoutMs);
    });
    try {
      const result = await Promise.race([call(), late]);
      this.#failures = 0;
      return result;
    } catch {
      this.#failures += 1;
      this.#restsUntilMs = this.#clock() + REST_MS;
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
