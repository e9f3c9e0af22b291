import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { RunOptions, RunResult } from "../world.ts";

/** What a soak needs to know: everything about its runs but the seed. */
export interface SoakOptions extends Pick<RunOptions, "requests" | "faults" | "guards"> {
  readonly firstSeed: number;
  readonly seeds: number;
  /** Told of each run, in the order in which they end. */
  readonly onResult: (result: RunResult) => void;
}

/** Enough to look at; more of them say the same. */
const MOST_VIOLATIONS = 3;

/** Runs every seed, on all cores, until the last or until enough of them have failed. */
export async function soak(options: SoakOptions): Promise<void> {
  const { firstSeed, seeds, requests, faults, guards } = options;
  let nextSeed = firstSeed;
  let violations = 0;
  const takeSeed = (): number | undefined => {
    if (nextSeed >= firstSeed + seeds || violations >= MOST_VIOLATIONS) return undefined;
    nextSeed += 1;
    return nextSeed - 1;
  };
  const workerCount = Math.min(seeds, availableParallelism());
  const workers = Array.from({ length: workerCount }, () => {
    return runSeeds({ requests, faults, ...(guards && { guards }) }, takeSeed, (result) => {
      if (result.violation !== undefined) violations += 1;
      options.onResult(result);
    });
  });
  await Promise.all(workers);
}

function runSeeds(
  workerData: Omit<RunOptions, "seed">,
  takeSeed: () => number | undefined,
  onResult: (result: RunResult) => void,
): Promise<void> {
  const worker = new Worker(new URL("./soak-worker.ts", import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    const next = () => {
      const seed = takeSeed();
      if (seed === undefined) void worker.terminate();
      else worker.postMessage(seed, []);
    };
    worker.on("message", (result: RunResult) => {
      onResult(result);
      next();
    });
    worker.on("error", reject);
    worker.on("exit", () => resolve());
    next();
  });
}
