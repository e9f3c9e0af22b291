import type { Clock } from "@orrery/common/contracts/clock";

/** `closed`: taken. `open`: not taken until its time is over. `half_open`: one trial decides. */
export type BreakerState = "closed" | "open" | "half_open";

/** Failures in a row, after which an instance is taken out. */
export const FAILURES_TO_OPEN = 5;
/** Out for so long at first, twice as long each time that the trial fails, and never longer than the last. */
export const FIRST_OPEN_MS = 1_000;
export const LONGEST_OPEN_MS = 30_000;

/**
 * Whether one instance is worth a request. An answer of any status is a success: who answers is there.
 * What began while the breaker was closed and fails after it opened says nothing new.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #onOpened: () => void;
  #failures = 0;
  #openings = 0;
  #openUntilMs = 0;
  #isTrialUnderWay = false;

  /** `clock`: steady milliseconds. */
  constructor(clock: Clock, onOpened: () => void = () => {}) {
    this.#clock = clock;
    this.#onOpened = onOpened;
  }

  get state(): BreakerState {
    if (this.#openings === 0) return "closed";
    return this.#clock() < this.#openUntilMs ? "open" : "half_open";
  }

  /** Whether it may be picked now: closed, or open for long enough and nobody tries it yet. */
  get isTaking(): boolean {
    if (this.#openings === 0) return true;
    return !this.#isTrialUnderWay && this.#clock() >= this.#openUntilMs;
  }

  /** A request goes out. True when it is the trial: one of the three calls below then must say so. */
  begin(): boolean {
    if (this.#openings === 0 || !this.isTaking) return false;
    this.#isTrialUnderWay = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#openings = 0;
    this.#isTrialUnderWay = false;
  }

  failed(isTrial: boolean): void {
    if (this.#openings > 0 && !isTrial) return;
    this.#failures += 1;
    if (isTrial || this.#failures >= FAILURES_TO_OPEN) this.#open();
  }

  /** It ended without saying anything of the instance: the caller went away. */
  abandoned(isTrial: boolean): void {
    if (isTrial) this.#isTrialUnderWay = false;
  }

  #open(): void {
    const openMs = Math.min(LONGEST_OPEN_MS, FIRST_OPEN_MS * 2 ** this.#openings);
    this.#openUntilMs = this.#clock() + openMs;
    // Counted no further than it makes a difference.
    this.#openings = Math.min(this.#openings + 1, 16);
    this.#failures = 0;
    this.#isTrialUnderWay = false;
    this.#onOpened();
  }
}
