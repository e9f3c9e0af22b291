import type { IdempotencyStore } from "./idempotency-store.ts";

/** Keys that one statement deletes at most. */
const BATCH_ROWS = 1_000;

/** Deletes the keys that are kept no longer, batch after batch. */
export class IdempotencyCleanupJob {
  readonly #store: Pick<IdempotencyStore, "deleteExpired">;
  readonly #batchRows: number;
  #isStopping = false;

  constructor(store: Pick<IdempotencyStore, "deleteExpired">, batchRows: number = BATCH_ROWS) {
    this.#store = store;
    this.#batchRows = batchRows;
  }

  /** Makes the run that is under way end with its batch. */
  stop(): void {
    this.#isStopping = true;
  }

  /**
   * Deletes all that have expired by now and gives how many; `onBatch` hears how many so far. Of
   * several that run at once one deletes.
   */
  async run(onBatch: (deleted: number) => void = () => undefined): Promise<number> {
    let deleted = 0;
    while (!this.#isStopping) {
      const batch = await this.#store.deleteExpired(this.#batchRows);
      deleted += batch;
      if (batch > 0) onBatch(deleted);
      if (batch < this.#batchRows) break;
    }
    return deleted;
  }
}
