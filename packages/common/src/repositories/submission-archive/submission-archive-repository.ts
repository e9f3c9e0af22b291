/** What one batch moved. */
export interface ArchivedBatch {
  readonly intents: number;
  readonly attempts: number;
}

/**
 * Where settled rows of the submission journal go when they are old. Reading the story of an intent
 * finds it there too, and its marker stays taken.
 */
export interface SubmissionArchiveRepository {
  /**
   * Moves up to `limit` confirmed intents, and up to `limit` ended attempts without their envelopes,
   * that ended before `endedBeforeMs`. Refused and failed intents stay, since they can be re-armed;
   * attempts of an intent that is active or unknown stay, since they are evidence. One transaction;
   * several callers at once share the work. Zero of both: there is nothing left to move.
   */
  archive(request: {
    readonly endedBeforeMs: number;
    readonly limit: number;
  }): Promise<ArchivedBatch>;
}
