import { Operation, xdr } from "@stellar/stellar-sdk/base";
import { buildTransaction, signTransaction } from "../envelope/build-envelope.ts";
import type { PreparedAttempt } from "../intent/attempt.ts";
import type { LeasedSubmission } from "../journal/submission-journal.ts";
import { inclusionFeeStroops } from "../pacing/fee-policy.ts";
import type { StepContext } from "../steps/step-context.ts";
import { retriesOf } from "../steps/work-item.ts";
import { chargeOperation } from "../vault/vault-call.ts";
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
  const transaction = buildTransaction({
    networkPassphrase,
    sourcePublicKey: channelSigner.publicKey,
    sequence: channel.sequence,
    operations: [operationOf(context, leased, quote)],
    inclusionFeeStroops: inclusionFeeStroops(settings.feePolicy, quote.fees, tries),
    bounds: { maxLedger, maxTimeS },
    sorobanData: quote.transactionData,
  });
  // Restoring needs nobody's authority but the channel's own.
  const signers = quote.purpose === "charge" ? [channelSigner, context.signer] : [channelSigner];
  const signed = await signTransaction(transaction, signers);
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

function operationOf(context: StepContext, leased: LeasedSubmission, quote: ReadyQuote) {
  if (quote.purpose === "restore") return Operation.restoreFootprint({});
  const charges = leased.intents.map((rider) => chargeTerms(context, rider));
  const auth = quote.auth.map((entry) => xdr.SorobanAuthorizationEntry.fromXdr(entry, "base64"));
  return chargeOperation(charges, quote.vault, auth);
}
