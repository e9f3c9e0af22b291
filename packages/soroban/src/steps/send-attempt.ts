import { tokenOf } from "../journal/submission-journal.ts";
import { classifySendAnswer } from "../outcome/classify-send-answer.ts";
import { pollDelayMs } from "../pacing/ledger-pace.ts";
import { pacedCall } from "../pacing/paced-call.ts";
import { RpcError } from "../rpc/rpc-error.ts";
import type { SendAnswer } from "../rpc/soroban-rpc.ts";
import type { StepContext } from "./step-context.ts";
import { newestBytes, openAttempt, type Step, type WorkItem } from "./work-item.ts";

/**
 * Sends the stored bytes, and only those. Whatever the answer, the outcome is unknown until the
 * ledger tells; the answer decides no more than when to send again. `callsBefore`: calls that this
 * step has made for the transaction already.
 */
export async function sendAttempt(
  context: StepContext,
  item: WorkItem,
  callsBefore = 0,
): Promise<Step> {
  const attempt = openAttempt(item.leased);
  const { envelopeXdr, hash } = newestBytes(attempt);
  const answer = await pacedCall(context, [hash], () => trySend(context, envelopeXdr));
  if (answer === undefined) return later(context, item, callsBefore + 1);
  const verdict = classifySendAnswer(answer, attempt.hashes.length > 1);
  if (verdict.kind === "permanent") {
    const { tenantId, intentIds } = item.leased;
    const fields = { tenantId, intentIds, code: verdict.code };
    context.logger.error(fields, "the network will never accept this transaction");
  }
  let { leased } = item;
  if (leased.state === "prepared") {
    const sentAtMs = context.clock();
    if (!(await context.journal.markSent(tokenOf(leased), sentAtMs))) return { kind: "lost" };
    leased = { ...leased, state: "sent", attempt: { ...attempt, state: "sent", sentAtMs } };
  }
  const seen = {
    ...item.seen,
    sends: item.seen.sends + 1,
    lastSend: { verdict, ledger: context.pace().latestLedger },
  };
  return later(context, { ...item, leased, seen }, callsBefore + 1);
}

/** The next step, as long after this one as the calls that it made are worth. */
export function later(context: StepContext, item: WorkItem, calls: number): Step {
  return { kind: "again", item, delayMs: pollDelayMs(context.pace(), calls, context.random()) };
}

async function trySend(context: StepContext, envelopeXdr: string): Promise<SendAnswer | RpcError> {
  try {
    return await context.rpc.sendTransaction(envelopeXdr);
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
}
