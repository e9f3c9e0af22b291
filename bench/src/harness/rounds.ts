import type { BenchContext } from "./bench.ts";

/** One side of a comparison. `play` gives the round's figure, in the unit that the bench reports. */
export interface Contender {
  readonly name: string;
  /** Round 0 is the warm-up and does not count. */
  readonly play: (round: number) => Promise<number>;
}

/**
 * Plays the contenders in turn, A B A B, so that both halves of a round see the same machine: one
 * round to warm up, then those that count. Gives the runs of each contender, in its order.
 */
export async function playRounds(
  { rounds, say }: Pick<BenchContext, "rounds" | "say">,
  contenders: readonly Contender[],
  beforeEach: () => Promise<void> = async () => {},
): Promise<readonly (readonly number[])[]> {
  const runs: number[][] = contenders.map(() => []);
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { name, play }] of contenders.entries()) {
      await beforeEach();
      const run = await play(round);
      if (round > 0) runs[index]?.push(run);
      const place = round === 0 ? "warm-up" : `round ${round}/${rounds}`;
      say(`${place.padEnd(10)} ${name.padEnd(28)} ${formatNumber(run)}`);
    }
  }
  return runs;
}

/** Four digits that matter, thousands apart. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 1_000
    ? Math.round(value).toLocaleString("en-US")
    : String(Number(value.toPrecision(4)));
}
