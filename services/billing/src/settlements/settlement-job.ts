import type { SettlementRepository } from "@orrery/common/repositories/settlement/settlement-repository";

interface SettlementJobOptions {
  settlements: Pick<SettlementRepository, "closeDue" | "retryDue">;
  /** Tells the engine that there is something to submit. */
  wake: () => void;
}

/** Settlements that one look of the job takes up; there is another look soon. */
const BATCH = 200;

/**
 * Closes settlements whose time has come and tries failed ones again. Any number of instances run
 * it: each step is one transaction that finds out under its locks whether it is still to be done, so
 * that one which crashed half-way is simply done again.
 */
export class SettlementJob {
  readonly #options: SettlementJobOptions;

  constructor(options: SettlementJobOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { settlements, wake } = this.#options;
    const closed = await settlements.closeDue(BATCH);
    const retried = await settlements.retryDue(BATCH);
    if (closed + retried > 0) wake();
  }
}
