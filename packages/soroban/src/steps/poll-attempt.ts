import type { Attempt } from "../intent/attempt.ts";
import {
  classifyTransactionAnswer,
  type TransactionVerdict,
} from "../outcome/classify-transaction-answer.ts";
import type { AbsenceReading } from "../proof/dead-proof.ts";
import type { StepContext } from "./step-context.ts";
import type { Observations } from "./work-item.ts";

export type PollResult =
  | {
      readonly kind: "found";
      readonly hash: string;
      readonly verdict: Exclude<TransactionVerdict, { kind: "not_found" }>;
    }
  | {
      readonly kind: "not_found";
      readonly latestLedger: number;
      /** Present when every hash ever stored was asked for: only then it counts for a proof. */
      readonly absence?: AbsenceReading;
    };

/** A proof needs two polls; a few more are kept while the marker or the channel is still unread. */
const KEPT_ABSENCES = 4;

/**
 * Asks the ledger for the attempt. The hashes that it replaced are asked for as soon as the answer
 * could count for a proof of death: past the bound, or with the sequence used up.
 * @throws {RpcError}
 */
export async function pollAttempt(
  context: StepContext,
  attempt: Attempt,
  seen: Observations,
): Promise<PollResult> {
  let latestLedger = Number.POSITIVE_INFINITY;
  let oldestLedger = 0;
  const ask = async (hash: string): Promise<PollResult | undefined> => {
    const verdict = classifyTransactionAnswer(await context.rpc.getTransaction(hash));
    if (verdict.kind !== "not_found") return { kind: "found", hash, verdict };
    latestLedger = Math.min(latestLedger, verdict.latestLedger);
    oldestLedger = Math.max(oldestLedger, verdict.oldestLedger);
    return undefined;
  };
  // The newest first: the ledger knows a bumped transaction by its outer hash, and finds it by the
  // inner one too.
  for (const { hash } of attempt.hashes.toReversed()) {
    const found = await ask(hash);
    if (found !== undefined) return found;
  }
  if (latestLedger < attempt.maxLedger && seen.lastSend?.verdict.kind !== "sequence_used") {
    return { kind: "not_found", latestLedger };
  }
  for (const hash of attempt.replacedHashes) {
    const found = await ask(hash);
    if (found !== undefined) return found;
  }
  const absence = { pollId: seen.polls, latestLedger, oldestLedger };
  return { kind: "not_found", latestLedger, absence };
}

/** The observations with one more poll in them. */
export function withPoll(
  seen: Observations,
  poll: Extract<PollResult, { kind: "not_found" }>,
): Observations {
  const absences = poll.absence === undefined ? seen.absences : [...seen.absences, poll.absence];
  return { ...seen, polls: seen.polls + 1, absences: absences.slice(-KEPT_ABSENCES) };
}
