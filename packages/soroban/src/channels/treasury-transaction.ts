import type { xdr } from "@stellar/stellar-sdk/base";
import type { EngineLogger, Timers } from "../engine/engine-options.ts";
import { buildTransaction, signTransaction } from "../envelope/build-envelope.ts";
import { classifySendAnswer } from "../outcome/classify-send-answer.ts";
import { type PacedCalls, pacedCall } from "../pacing/paced-call.ts";
import { readAccount } from "../rpc/account-entry.ts";
import { RpcError } from "../rpc/rpc-error.ts";
import type { SorobanRpc } from "../rpc/soroban-rpc.ts";
import type { Signer } from "../signing/signer.ts";

export interface TreasuryOptions extends PacedCalls {
  readonly rpc: SorobanRpc;
  readonly networkPassphrase: string;
  /** Pays for the channel accounts. */
  readonly treasury: Signer;
  readonly clock: () => number;
  readonly random: () => number;
  readonly timers: Timers;
  readonly logger: EngineLogger;
  /** Ends the waits, so that a stopping engine leaves none behind. */
  readonly signal: AbortSignal;
}

const VALIDITY_LEDGERS = 6;
const SECONDS_PER_LEDGER_BOUND = 15;
const INCLUSION_FEE_STROOPS = 1_000n;

/**
 * Sends one transaction of classic operations and waits until the ledger has decided, or until the
 * transaction can no longer be applied. Whether it was is for the caller to see in the ledger.
 * @throws {RpcError} no answer: look again later
 */
export async function sendFromTreasury(
  options: TreasuryOptions,
  operations: readonly xdr.Operation[],
): Promise<void> {
  const { rpc, treasury } = options;
  const [account, tip] = await Promise.all([
    readAccount(rpc, treasury.publicKey),
    rpc.getLatestLedger(),
  ]);
  if (account.sequence === undefined) {
    throw new Error(`the treasury account ${treasury.publicKey} does not exist on this network`);
  }
  const maxLedger = tip.sequence + VALIDITY_LEDGERS;
  const closeTimeS = tip.closeTimeS ?? Math.floor(options.clock() / 1_000);
  const transaction = buildTransaction({
    networkPassphrase: options.networkPassphrase,
    sourcePublicKey: treasury.publicKey,
    sequence: account.sequence + 1n,
    operations,
    inclusionFeeStroops: INCLUSION_FEE_STROOPS,
    bounds: { maxLedger, maxTimeS: closeTimeS + VALIDITY_LEDGERS * SECONDS_PER_LEDGER_BOUND },
  });
  const signed = await signTransaction(transaction, [treasury]);
  await sendAndWait(options, signed, maxLedger);
}

async function sendAndWait(
  options: TreasuryOptions,
  signed: { readonly envelopeXdr: string; readonly hash: string },
  maxLedger: number,
): Promise<void> {
  const { rpc } = options;
  const { envelopeXdr, hash } = signed;
  const sent = await pacedCall(options, [hash], () =>
    rpc.sendTransaction(envelopeXdr).catch((error: unknown) => {
      if (error instanceof RpcError) return error;
      throw error;
    }),
  );
  // The same bytes as before the last pause, twice: nothing has changed since.
  if (sent === undefined) return pause(options);
  const verdict = classifySendAnswer(sent);
  if (verdict.kind !== "queued" && !(sent instanceof RpcError)) {
    // Another instance's transaction is in the queue, most likely: look again after a while.
    options.logger.warn({ verdict: verdict.kind }, "treasury transaction not accepted yet");
    await pause(options);
    return;
  }
  while (!options.signal.aborted) {
    await pause(options);
    const answer = await pacedCall(options, [hash], () => rpc.getTransaction(hash));
    if (answer === undefined) continue;
    if (answer.status !== "NOT_FOUND" || answer.latestLedger >= maxLedger) return;
  }
}

function pause({ timers, pace, random, signal }: TreasuryOptions): Promise<void> {
  const delayMs = Math.ceil((pace().ledgerMs / 2) * (1 + random() / 2));
  return new Promise((resolve) => {
    const cancel = timers.after(delayMs, end);
    signal.addEventListener("abort", end, { once: true });
    function end() {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    }
  });
}
