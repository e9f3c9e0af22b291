import type { Summary } from "./statistics.ts";

/** What a figure is held to. Exactly one bound. */
export type Target = (
  | { readonly atLeast: number; readonly goal?: number }
  | { readonly atMost: number; readonly goal?: number }
) & {
  /** `ratio`: ours over the rival's in the same round. `value`: ours alone. */
  readonly of: "ratio" | "value";
};

/**
 * `met` and `missed` are clear of the noise; `within noise`: short of the target by less than the
 * rounds differ among themselves; `noise`: the rounds differ too much to say anything.
 */
export type Verdict = "goal met" | "met" | "within noise" | "noise" | "missed" | "no target";

/** Rounds whose middle half is wider than this say too little. */
const NOISY_SPREAD = 0.25;

/** Whether the rounds differ so much that the median is not worth quoting. */
function isNoise({ spread }: Pick<Summary, "spread">): boolean {
  return spread > NOISY_SPREAD;
}

/**
 * Judges a median against its target. The noise is half the spread on either side: about as far as
 * the median itself moves from one run of the bench to the next.
 */
export function judge(summary: Summary, target: Target | undefined): Verdict {
  const noisy = isNoise(summary);
  if (target === undefined) return noisy ? "noise" : "no target";
  const noise = (summary.spread / 2) * Math.abs(summary.median);
  // Turned so that more is always better.
  const sign = "atLeast" in target ? 1 : -1;
  const bound = sign * ("atLeast" in target ? target.atLeast : target.atMost);
  const value = sign * summary.median;
  if (value + noise < bound) return "missed";
  if (noisy) return "noise";
  if (value < bound) return "within noise";
  return target.goal !== undefined && value >= sign * target.goal ? "goal met" : "met";
}

/** Whether `--check` must fail on this verdict. */
export function isFailure(verdict: Verdict): boolean {
  return verdict === "missed";
}
