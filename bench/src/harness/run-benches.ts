import { relative } from "node:path";
import { type Bench, type BenchContext, BenchUnavailable, type Outcome } from "./bench.ts";
import { describeMachine, loadPerCore } from "./machine.ts";
import { isBroken, type Result, resultOf, writeResult } from "./result.ts";

const ROUNDS = 5;
const QUICK_ROUNDS = 3;
/** Above this somebody else is using the machine. */
const QUIET_LOAD_PER_CORE = 0.5;

/** Plays benches one after the other, writes the file of each, and goes on when one cannot be played. */
export async function runBenches(
  benches: readonly Bench[],
  { isQuick, cleanup, say }: Omit<BenchContext, "rounds">,
): Promise<Result[]> {
  const machine = describeMachine();
  const results: Result[] = [];
  for (const [index, bench] of benches.entries()) {
    const loadBefore = loadPerCore();
    say(`\n[${index + 1}/${benches.length}] ${bench.name}: ${bench.about}`);
    if (index === 0 && loadBefore > QUIET_LOAD_PER_CORE) {
      say(`the machine is busy (load ${loadBefore.toFixed(1)} per core): expect noise`);
    }
    const startedAt = new Date().toISOString();
    const startMs = performance.now();
    const rounds = isQuick ? QUICK_ROUNDS : ROUNDS;
    const outcome = await play(bench, { isQuick, rounds, cleanup, say });
    const seconds = Math.round((performance.now() - startMs) / 1_000);
    const result = resultOf(bench, { isQuick, startedAt, seconds, loadBefore, machine }, outcome);
    results.push(result);
    if (!isBroken(result)) say(`wrote ${relative(process.cwd(), await writeResult(result))}`);
    else say(`${bench.name}: not written, see below`);
  }
  return results;
}

/** The outcome, or why there is none. */
async function play(bench: Bench, context: BenchContext): Promise<Outcome | string> {
  try {
    return await bench.run(context);
  } catch (error) {
    if (error instanceof BenchUnavailable) return `cannot be played: ${error.message}`;
    return `broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  } finally {
    await context.cleanup.run();
  }
}
