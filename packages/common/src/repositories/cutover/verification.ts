import type { Parity } from "./parity.ts";
import type { VerificationReport, VerificationStatus } from "./store-status.ts";

/** Something beside the records that must be the same on both sides. */
export interface StoreProbe {
  /** `cursor order`, `replay payloads`, `lock semantics`. */
  readonly name: string;
  /** What is wrong, a line each; nothing when both sides agree. */
  run(): Promise<readonly string[]>;
}

interface VerificationOptions<Row extends object> {
  parity: Pick<Parity<Row>, "compareAll">;
  probes: readonly StoreProbe[];
  onMismatch: () => void;
}

/** Differences that a report names. */
const MAX_NAMED = 20;

/** Compares both sides as a whole: every record, and how each side behaves. */
export class Verification<Row extends object> {
  readonly #options: VerificationOptions<Row>;
  #status: VerificationStatus = { state: "never", compared: 0 };
  #running: Promise<void> | undefined;
  /** What was found before this does not count any more. */
  #round = 0;

  constructor(options: VerificationOptions<Row>) {
    this.#options = options;
  }

  get status(): VerificationStatus {
    return this.#status;
  }

  start(): void {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
  }

  /** What was verified is not true any more. */
  forget(): void {
    this.#round += 1;
    this.#status = { state: "never", compared: 0 };
  }

  async stop(): Promise<void> {
    this.forget();
    await this.#running;
    this.forget();
  }

  async #run(): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    const tell = (status: VerificationStatus) => {
      if (round === this.#round) this.#status = status;
    };
    try {
      tell({ state: "running", compared: 0 });
      const report = await this.#compare((compared) => tell({ state: "running", compared }));
      const faults = Object.values(report.probes).flat().length;
      const state = report.differenceCount + faults === 0 ? "passed" : "differs";
      tell({ state, compared: report.sums.memory.count, report });
    } catch {
      tell({ state: "failed", compared: this.#status.compared });
    }
  }

  async #compare(onProgress: (compared: number) => void): Promise<VerificationReport> {
    const { parity, probes, onMismatch } = this.#options;
    const { sums, differences } = await parity.compareAll(onProgress);
    const faults: Record<string, readonly string[]> = {};
    for (const probe of probes) faults[probe.name] = await probe.run();
    const differenceCount = differences.length;
    for (let count = 0; count < differenceCount; count += 1) onMismatch();
    return { sums, differences: differences.slice(0, MAX_NAMED), differenceCount, probes: faults };
  }
}
