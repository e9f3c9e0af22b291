/** What the rounds of one contender come to. */
export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  /**
   * The interquartile range as a share of the median: 0.1 means that the middle half of the rounds
   * lies within a tenth of it. One round that went astray on either side does not widen it.
   */
  readonly spread: number;
}

/** @throws {RangeError} when there is no round */
export function summarize(runs: readonly number[]): Summary {
  const median = quantile(runs, 0.5);
  const width = quantile(runs, 0.75) - quantile(runs, 0.25);
  const spread = width === 0 ? 0 : width / Math.abs(median);
  return { median, least: Math.min(...runs), most: Math.max(...runs), spread };
}

/**
 * The value below which `share` (0 … 1) of the runs lie, interpolated between neighbours.
 * @throws {RangeError} when there is no run
 */
export function quantile(runs: readonly number[], share: number): number {
  const sorted = runs.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError("no runs to summarize");
  return below + (above - below) * (place - Math.floor(place));
}

/**
 * Ours over the rival's, round by round: what disturbed the machine during a round disturbed both
 * of its halves, and cancels out.
 * @throws {RangeError} when the two did not play the same number of rounds
 */
export function ratios(ours: readonly number[], rivals: readonly number[]): number[] {
  if (ours.length !== rivals.length) throw new RangeError("the rounds are not in pairs");
  return ours.map((run, index) => run / (rivals[index] ?? Number.NaN));
}
