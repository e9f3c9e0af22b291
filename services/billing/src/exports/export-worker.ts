import { ExportAttempt, type ExportAttemptOptions } from "./export-attempt.ts";

export interface ExportWorkerOptions extends ExportAttemptOptions {
  /** Names this instance in its leases. */
  readonly owner: string;
  /** Files that are written at a time. */
  readonly concurrency: number;
  /** Attempts of one export, after which it has failed. */
  readonly maxAttempts: number;
  /** There is room for another file. */
  readonly onFree: () => void;
}

/** Writes the files of exports, a few at a time. Any number of instances share the work. */
export class ExportWorker {
  readonly #options: ExportWorkerOptions;
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();

  constructor(options: ExportWorkerOptions) {
    this.#options = options;
  }

  /** Begins what is due, as far as there is room for it; not twice at once. */
  async run(): Promise<void> {
    const { exports, owner, leaseMs, maxAttempts, concurrency } = this.#options;
    while (this.#running.size < concurrency && !this.#stopping.signal.aborted) {
      const lease = await exports.lease({ owner, leaseMs, maxAttempts });
      if (lease === undefined) return;
      const attempt = new ExportAttempt(this.#options, lease, this.#stopping.signal);
      const running = attempt.run().finally(() => {
        this.#running.delete(running);
        this.#options.onFree();
      });
      this.#running.add(running);
    }
  }

  /** Breaks off what is under way and hands it back, for another instance to begin anew. */
  stop(): void {
    this.#stopping.abort(new Error("the process stops"));
  }

  /** Resolves when nothing is under way; after the last `run` has ended. */
  async drained(): Promise<void> {
    await Promise.all(this.#running);
  }
}
