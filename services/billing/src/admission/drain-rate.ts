/** One look at what was pending at the look before. */
export interface DrainSample {
  readonly elapsedMs: number;
  /** Of what was pending at the last look: how many are settled now, and how many are not. */
  readonly drained: number;
  readonly remaining: number;
}

interface DrainInterval {
  readonly elapsedMs: number;
  readonly drained: number;
}

/** What the rate is measured over: long enough to hold several ledgers. */
const WINDOW_MS = 60_000;
/** Less than this says nothing yet: settlements come in lumps, one per ledger. */
const MIN_MEASURED_MS = 10_000;
/** A pause that is longer is an outage and no part of the pace. */
const MAX_PAUSE_MS = 15_000;

/**
 * How fast a backlog drains while there is one. An idle system says nothing about that, and nor does
 * an outage: what is accepted during one waits for the chain, and then drains as it did before.
 */
export class DrainRate {
  #intervals: readonly DrainInterval[] = [];
  #pauseMs = 0;

  observe({ elapsedMs, drained, remaining }: DrainSample): void {
    if (remaining === 0) {
      this.#pauseMs = 0;
      return;
    }
    this.#pauseMs += elapsedMs;
    if (drained <= 0) return;
    const interval = { elapsedMs: Math.min(this.#pauseMs, MAX_PAUSE_MS), drained };
    this.#pauseMs = 0;
    this.#intervals = withinWindow([...this.#intervals, interval]);
  }

  /** Undefined until it was measured for long enough. */
  get perSecond(): number | undefined {
    const measuredMs = sum(this.#intervals, ({ elapsedMs }) => elapsedMs);
    if (measuredMs < MIN_MEASURED_MS) return undefined;
    return (sum(this.#intervals, ({ drained }) => drained) * 1_000) / measuredMs;
  }
}

function withinWindow(intervals: readonly DrainInterval[]): readonly DrainInterval[] {
  let first = 0;
  let totalMs = sum(intervals, ({ elapsedMs }) => elapsedMs);
  while (totalMs > WINDOW_MS && first < intervals.length - 1) {
    totalMs -= intervals[first]?.elapsedMs ?? 0;
    first += 1;
  }
  return intervals.slice(first);
}

function sum(intervals: readonly DrainInterval[], of: (interval: DrainInterval) => number): number {
  return intervals.reduce((total, interval) => total + of(interval), 0);
}
