import type { RunResult } from "../world.ts";

const QUIET_MS = 10_000;
const TERMINAL_MS = 200;

/** Says how far a soak has come: on one line of a terminal, else every ten seconds. */
export class ProgressLine {
  violations = 0;
  readonly #seeds: number;
  readonly #requests: number;
  readonly #startedMs = performance.now();
  #shownMs = 0;
  #done = 0;
  #charges = 0;
  #ledgers = 0;
  #engines = 0;

  constructor(seeds: number, requests: number) {
    this.#seeds = seeds;
    this.#requests = requests;
  }

  add({ charges, ledgers, engines, violation }: RunResult): void {
    this.#done += 1;
    this.#charges += charges;
    this.#ledgers += ledgers;
    this.#engines += engines;
    if (violation !== undefined) this.violations += 1;
    const intervalMs = process.stdout.isTTY ? TERMINAL_MS : QUIET_MS;
    if (performance.now() - this.#shownMs < intervalMs) return;
    this.#shownMs = performance.now();
    process.stdout.write(process.stdout.isTTY ? `\r${this.#text()}  ` : `${this.#text()}\n`);
  }

  end(): void {
    process.stdout.write(`${process.stdout.isTTY ? "\r" : ""}${this.#text()}\n`);
    const seconds = ((performance.now() - this.#startedMs) / 1_000).toFixed(1);
    process.stdout.write(
      `${this.#charges} charges in ${this.#ledgers} ledgers by ${this.#engines} engines, in ${seconds} s\n`,
    );
  }

  #text(): string {
    const perSecond = (this.#done * 1_000) / (performance.now() - this.#startedMs);
    const parts = [
      `${this.#done}/${this.#seeds} seeds × ${this.#requests} requests`,
      `${perSecond.toFixed(1)} seeds/s`,
      `${this.violations} violations`,
    ];
    return parts.join(" · ");
  }
}
