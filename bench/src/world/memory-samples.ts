import { readFile } from "node:fs/promises";
import { quantile } from "../statistics/statistics.ts";

const PAGE_MIB = 4_096 / 1_048_576;

/** The resident memory of a process, sampled until it is stopped. */
export class MemorySamples {
  readonly #pid: number;
  readonly #timer: NodeJS.Timeout;
  readonly #samplesMib: number[] = [];

  constructor(pid: number, everyMs: number) {
    this.#pid = pid;
    this.#timer = setInterval(() => void this.#sample(), everyMs);
  }

  async #sample(): Promise<void> {
    // Linux only; a process that has ended has no more samples.
    const statm = await readFile(`/proc/${this.#pid}/statm`, "utf8").catch(() => undefined);
    const pages = Number(statm?.split(" ")[1]);
    if (Number.isFinite(pages)) this.#samplesMib.push(pages * PAGE_MIB);
  }

  /** Ends the sampling; gives the samples in MiB. */
  stop(): readonly number[] {
    clearInterval(this.#timer);
    return this.#samplesMib;
  }
}

/**
 * The last quarter's median over the second quarter's: the first quarter is warming up.
 * @throws {RangeError} with fewer than four samples
 */
export function growthOf(samplesMib: readonly number[]): number {
  const quarter = Math.floor(samplesMib.length / 4);
  const early = quantile(samplesMib.slice(quarter, quarter * 2), 0.5);
  return quantile(samplesMib.slice(-quarter), 0.5) / early;
}
