import { Asset, Operation } from "@stellar/stellar-sdk/base";
import { buildTransaction, signTransaction } from "../../src/envelope/build-envelope.ts";
import { readAccount } from "../../src/rpc/account-entry.ts";
import type { SorobanRpc } from "../../src/rpc/soroban-rpc.ts";
import type { Signer } from "../../src/signing/signer.ts";
import { NETWORK, submitter } from "./accounts.ts";

/**
 * The signed bytes of a payment out of an account that nobody else should use, on its next
 * sequence: what a stranger who has the key may do. `xlm`: such as `8` or `0.0000001`.
 */
export async function paymentFrom(rpc: SorobanRpc, signer: Signer, xlm: string): Promise<string> {
  const { publicKey } = signer;
  const [{ sequence, ledger }, { closeTimeS }] = await Promise.all([
    readAccount(rpc, publicKey),
    rpc.getLatestLedger(),
  ]);
  if (sequence === undefined || closeTimeS === undefined) throw new Error("no such account");
  const transaction = buildTransaction({
    networkPassphrase: NETWORK,
    sourcePublicKey: publicKey,
    sequence: sequence + 1n,
    operations: [
      Operation.payment({
        destination: submitter.publicKey,
        asset: Asset.native(),
        amount: xlm,
      }),
    ],
    inclusionFeeStroops: 5_000n,
    bounds: { maxLedger: ledger + 100, maxTimeS: closeTimeS + 3_600 },
  });
  return (await signTransaction(transaction, [signer])).envelopeXdr;
}
