import {
  MAX_BATCH,
  type Outcome,
  type SubmissionJournal,
  tokenFor,
  tokenOf,
} from "@orrery/soroban/journal/submission-journal";
import { uuidv7 } from "../contracts/id.ts";

/** Ends an intent as the engine would: under a lease, through the journal's own transition. */
export async function settleIntent(
  journal: SubmissionJournal,
  intentId: string,
  outcome: Outcome,
  atMs: number,
): Promise<void> {
  const leased = await journal.leaseDue({
    owner: "test",
    nowMs: atMs,
    leaseUntilMs: atMs + 60_000,
    newLimit: 100,
    resumeLimit: 100,
    batchLimit: MAX_BATCH,
  });
  let isResolved = false;
  for (const submission of leased) {
    const token = tokenOf(submission);
    if (submission.intentIds.includes(intentId)) {
      const end = { atMs, recordId: uuidv7(atMs) };
      isResolved = await journal.resolve(tokenFor(token, [intentId]), outcome, end);
    }
    const others = submission.intentIds.filter((other) => other !== intentId);
    if (others.length > 0) await journal.release(tokenFor(token, others), atMs);
  }
  if (!isResolved) throw new Error(`the intent ${intentId} is not due`);
}

export const CHARGED: Outcome = {
  state: "confirmed",
  confirmation: { txHash: "ab".repeat(32), ledger: 12, evidence: "transaction" },
};

export const REFUSED: Outcome = {
  state: "refused",
  failure: { reason: "insufficient_balance", contractError: 5 },
};
