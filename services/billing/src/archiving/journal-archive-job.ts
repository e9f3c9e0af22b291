import type { Clock } from "@orrery/common/contracts/clock";
import type { SubmissionArchiveRepository } from "@orrery/common/repositories/submission-archive/submission-archive-repository";

export interface JournalArchiveJobOptions {
  readonly archive: SubmissionArchiveRepository;
  readonly clock: Clock;
  /** How long a settled row stays in the journal. */
  readonly keepMs: number;
  /** Rows of either kind moved in one transaction. */
  readonly batchRows?: number;
}

const BATCH_ROWS = 500;

/** Keeps the journal small: moves what is settled and old to the archive, batch after batch. */
export class JournalArchiveJob {
  readonly #options: JournalArchiveJobOptions;
  #isStopping = false;

  constructor(options: JournalArchiveJobOptions) {
    this.#options = options;
  }

  /** Makes the run that is under way end with its batch. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Moves all that is old enough by now. Instances that run it at once share the work. */
  async run(): Promise<void> {
    const { archive, clock, keepMs, batchRows: limit = BATCH_ROWS } = this.#options;
    const endedBeforeMs = clock() - keepMs;
    while (!this.#isStopping) {
      const moved = await archive.archive({ endedBeforeMs, limit });
      if (moved.intents < limit && moved.attempts < limit) return;
    }
  }
}
