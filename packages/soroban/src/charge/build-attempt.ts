import { encodeRestore } from "../envelope/encode-call.ts";
import { encodeTransaction, signEncoded } from "../envelope/encode-transaction.ts";
import type { PreparedAttempt } from "../intent/attempt.ts";
import type { LeasedSubmission } from "../journal/submission-journal.ts";
import { inclusionFeeStroops } from "../pacing/fee-policy.ts";
import type { StepContext } from "../steps/step-context.ts";
import { retriesOf } from "../steps/work-item.ts";
import { encodeCharge } from "../vault/vault-call.ts";
import { chargeTerms } from "./charge-terms.ts";
import type { ReadyQuote } from "./quote-charge.ts";

/** Seconds for which maxTime outlives maxLedger: the ledger's bound decides, the time is a backstop. */
const SECONDS_PER_LEDGER_BOUND = 15;

/** Builds and signs the transaction for one channel and sequence. Nothing is stored or sent. */
export async function buildAttempt(
  context: StepContext,
  leased: LeasedSubmission,
  quote: ReadyQuote,
  channel: { readonly index: number; readonly sequence: bigint },
  replacedHashes: readonly string[],
): Promise<PreparedAttempt> {
  const { settings, networkPassphrase } = context;
  const channelSigner = context.channels.signer(channel.index);
  const nowMs = context.clock();
  const ledgerAtBuild = Math.max(context.pace().latestLedger, quote.ledger);
  const maxLedger = ledgerAtBuild + settings.validityLedgers;
  const closeTimeS = quote.tip.closeTimeS ?? Math.floor(nowMs / 1_000);
  const maxTimeS = closeTimeS + settings.validityLedgers * SECONDS_PER_LEDGER_BOUND;
  const tries = replacedHashes.length + retriesOf(leased);
  const encoded = encodeTransaction({
    networkPassphrase,
    sourcePublicKey: channelSigner.publicKey,
    sequence: channel.sequence,
    operation: operationOf(context, leased, quote),
    inclusionFeeStroops: inclusionFeeStroops(settings.feePolicy, quote.fees, tries),
    bounds: { maxLedger, maxTimeS },
    sorobanData: quote.transactionData,
  });
  // Restoring needs nobody's authority but the channel's own.
  const signers = quote.purpose === "charge" ? [channelSigner, context.signer] : [channelSigner];
  const signed = await signEncoded(encoded, signers);
  return {
    attemptId: context.newId(),
    purpose: quote.purpose,
    channelIndex: channel.index,
    channelPublicKey: channelSigner.publicKey,
    sequence: channel.sequence,
    hashes: [{ ...signed, storedAtMs: nowMs }],
    replacedHashes,
    ledgerAtBuild,
    maxLedger,
    maxTimeS,
    preparedAtMs: nowMs,
  };
}

function operationOf(
  context: StepContext,
  leased: LeasedSubmission,
  quote: ReadyQuote,
): Uint8Array {
  if (quote.purpose === "restore") return encodeRestore();
  const charges = leased.intents.map((rider) => chargeTerms(context, rider));
  return encodeCharge(charges, quote.vault, quote.auth);
}
