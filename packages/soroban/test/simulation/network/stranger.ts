import { findAccount } from "@orrery/ledger-sim/entries/ledger-state";
import type { Ledger } from "@orrery/ledger-sim/ledger/ledger";
import { decodeEnvelope } from "@orrery/ledger-sim/transactions/envelope";
import { Asset, Operation } from "@stellar/stellar-sdk/base";
import { buildTransaction, signTransaction } from "../../../src/envelope/build-envelope.ts";
import type { Signer } from "../../../src/signing/signer.ts";

const BOUND_LEDGERS = 20;
const BOUND_S = 3_600;

/**
 * Somebody else who has an account's key sends a payment on its next sequence: the same that ours
 * may ride on. Gives what the network said, or undefined where there is no such account.
 */
export async function useSequence(
  ledger: Ledger,
  signer: Signer,
  destination: string,
): Promise<string | undefined> {
  const account = findAccount(ledger.view().state, signer.publicKey);
  if (account === undefined) return undefined;
  const { sequence, closeTime } = ledger.latest;
  const transaction = buildTransaction({
    networkPassphrase: ledger.settings.passphrase,
    sourcePublicKey: signer.publicKey,
    sequence: account.sequence + 1n,
    operations: [Operation.payment({ destination, asset: Asset.native(), amount: "0.0000001" })],
    inclusionFeeStroops: 5_000n,
    bounds: { maxLedger: sequence + BOUND_LEDGERS, maxTimeS: closeTime + BOUND_S },
  });
  const { envelopeXdr } = await signTransaction(transaction, [signer]);
  return ledger.submit(decodeEnvelope(envelopeXdr, ledger.networkId)).status;
}
