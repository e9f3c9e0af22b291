import { bidOf, signFeeBump } from "../envelope/fee-bump.ts";
import type { Attempt } from "../intent/attempt.ts";
import { tokenOf } from "../journal/submission-journal.ts";
import { decideFeeBump } from "../pacing/decide-fee-bump.ts";
import { sendAttempt } from "./send-attempt.ts";
import type { StepContext } from "./step-context.ts";
import { openAttempt, type Step, type WorkItem } from "./work-item.ts";

/**
 * Bids more for a transaction that waits too long, where that is wanted: the treasury pays, the
 * inner transaction stays, and the new hash is stored before it is sent. Undefined: not wanted.
 */
export async function bumpFee(
  context: StepContext,
  item: WorkItem,
  poll: { readonly latestLedger: number; readonly calls: number },
): Promise<Step | undefined> {
  const attempt = openAttempt(item.leased);
  const innerXdr = attempt.hashes[0]?.envelopeXdr;
  if (innerXdr === undefined) throw new Error(`attempt ${attempt.attemptId} has no bytes`);
  const { ledgerAtBuild, maxLedger } = attempt;
  const waiting = { ledgerAtBuild, maxLedger, latestLedger: poll.latestLedger };
  const bid = decideFeeBump(context.settings.feePolicy, await context.feeStats(), {
    ...waiting,
    ...(item.seen.lastSend && { lastSend: item.seen.lastSend }),
    bidsStroops: bidsOf(attempt, innerXdr),
  });
  if (bid === undefined) return undefined;
  const signed = await signFeeBump({
    networkPassphrase: context.networkPassphrase,
    innerXdr,
    inclusionFeeStroops: bid,
    feeSource: context.signer,
  });
  const added = { ...signed, storedAtMs: context.clock() };
  if (!(await context.journal.addHash(tokenOf(item.leased), added))) return { kind: "lost" };
  const { tenantId, intentIds } = item.leased;
  context.logger.info({ tenantId, intentIds, bidStroops: String(bid) }, "fee bumped");
  const bumped = { ...attempt, hashes: [...attempt.hashes, added] };
  const leased = { ...item.leased, attempt: bumped };
  return sendAttempt(context, { ...item, leased }, poll.calls);
}

function bidsOf({ hashes }: Attempt, innerXdr: string): bigint[] {
  return hashes.map(({ feeStroops }, index) => bidOf(innerXdr, feeStroops, index > 0));
}
