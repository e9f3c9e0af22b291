import { bidsOf, signFeeBump } from "../envelope/fee-bump.ts";
import { tokenOf } from "../journal/submission-journal.ts";
import { decideFeeBump, isBumpDue } from "../pacing/decide-fee-bump.ts";
import { sendAttempt } from "./send-attempt.ts";
import type { StepContext } from "./step-context.ts";
import { firstBytes, openAttempt, type Step, type WorkItem } from "./work-item.ts";

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
  const { ledgerAtBuild, maxLedger } = attempt;
  const waiting = {
    ledgerAtBuild,
    maxLedger,
    latestLedger: poll.latestLedger,
    ...(item.seen.lastSend && { lastSend: item.seen.lastSend }),
  };
  const { feePolicy } = context.settings;
  // Most polls end here: what was bid and what others pay is read for a bump that is due alone.
  if (!isBumpDue(feePolicy, waiting, attempt.hashes.length)) return undefined;
  const bidsStroops = bidsOf(attempt.hashes);
  const bid = decideFeeBump(feePolicy, await context.feeStats(), { ...waiting, bidsStroops });
  if (bid === undefined) return undefined;
  const signed = await signFeeBump({
    networkPassphrase: context.networkPassphrase,
    innerXdr: firstBytes(attempt).envelopeXdr,
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
