/**
 * What the instances of a deployment have acknowledged of one number that every write raises by one,
 * and so what a read of it must show: at once what its own instance has acknowledged, after
 * `boundMs` what any has, and never more than was asked for.
 */
export class SequenceCheck {
  readonly #boundMs: number;
  readonly #acknowledgedAtMs: number[] = [];
  readonly #ownAtMs: number[][];
  #began = 0;

  constructor(instances: number, boundMs: number) {
    this.#boundMs = boundMs;
    this.#ownAtMs = Array.from({ length: instances }, () => []);
  }

  /** A write was sent; it may take effect from now on. */
  begin(): void {
    this.#began += 1;
  }

  /** The instance said that a write of its has taken effect. Times must not go backwards. */
  acknowledge(instance: number, atMs: number): void {
    this.#acknowledgedAtMs.push(atMs);
    this.#ownAtMs[instance]?.push(atMs);
  }

  get acknowledged(): number {
    return this.#acknowledgedAtMs.length;
  }

  /** The least that a read may show that was asked of the instance at this time. */
  leastAt(instance: number, askedAtMs: number): number {
    const own = this.#ownAtMs[instance] ?? [];
    const dueAtMs = askedAtMs - this.#boundMs;
    const ofAll = countUntil(this.#acknowledgedAtMs, dueAtMs);
    return ofAll + countUntil(own, askedAtMs) - countUntil(own, dueAtMs);
  }

  /** Undefined: nothing is wrong with what a read showed. */
  faultOf(instance: number, askedAtMs: number, shown: number): string | undefined {
    const least = this.leastAt(instance, askedAtMs);
    if (shown < least) return `${shown} where ${least} was due`;
    return shown > this.#began ? `${shown} where only ${this.#began} was written` : undefined;
  }
}

/** How many of the ascending times are not after the given one. */
function countUntil(times: readonly number[], untilMs: number): number {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? Number.POSITIVE_INFINITY) <= untilMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
