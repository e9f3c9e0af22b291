import type { SubmissionArchiveRepository } from "@orrery/common/repositories/submission-archive/submission-archive-repository";
import { beforeEach, describe, expect, it } from "vitest";
import { JournalArchiveJob } from "./journal-archive-job.ts";

const KEEP_MS = 30_000;
const BATCH_ROWS = 2;

/** Settled rows by when they ended; oldest first leaves first, as in the journal. */
class EndedRows implements SubmissionArchiveRepository {
  intents: readonly number[] = [];
  attempts: readonly number[] = [];
  batches = 0;
  onBatch: () => void = () => {};

  async archive({ endedBeforeMs, limit }: { endedBeforeMs: number; limit: number }) {
    const old = (rows: readonly number[]) => rows.filter((atMs) => atMs < endedBeforeMs);
    const moved = {
      intents: Math.min(old(this.intents).length, limit),
      attempts: Math.min(old(this.attempts).length, limit),
    };
    this.intents = this.intents.slice(moved.intents);
    this.attempts = this.attempts.slice(moved.attempts);
    this.batches += 1;
    this.onBatch();
    return moved;
  }
}

let nowMs: number;
let journal: EndedRows;
let job: JournalArchiveJob;

beforeEach(() => {
  nowMs = 1_000_000;
  journal = new EndedRows();
  const options = { archive: journal, clock: () => nowMs, keepMs: KEEP_MS };
  job = new JournalArchiveJob({ ...options, batchRows: BATCH_ROWS });
});

const OLD = 1_000_000 - KEEP_MS - 1;
const YOUNG = 1_000_000 - KEEP_MS;

describe("JournalArchiveJob", () => {
  it("moves all that is old enough, batch after batch, and nothing younger", async () => {
    journal.intents = [OLD, OLD, OLD, OLD, OLD, YOUNG];
    journal.attempts = [OLD, YOUNG, YOUNG];
    await job.run();
    expect(journal).toMatchObject({ intents: [YOUNG], attempts: [YOUNG, YOUNG], batches: 3 });
    nowMs += 1;
    await job.run();
    expect(journal).toMatchObject({ intents: [], attempts: [] });
  });

  it("goes on while there is more of either kind", async () => {
    journal.attempts = [OLD, OLD, OLD];
    await job.run();
    expect(journal.attempts).toEqual([]);
  });

  it("looks once where nothing is old", async () => {
    journal.intents = [YOUNG];
    await job.run();
    expect(journal).toMatchObject({ intents: [YOUNG], batches: 1 });
  });

  it("ends with the batch that is under way when it is stopped", async () => {
    journal.intents = [OLD, OLD, OLD, OLD, OLD];
    journal.onBatch = () => job.stop();
    await job.run();
    expect(journal).toMatchObject({ intents: [OLD, OLD, OLD], batches: 1 });
  });
});
