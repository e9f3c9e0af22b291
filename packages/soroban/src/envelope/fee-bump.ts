import { FeeBumpTransaction, Keypair, xdr } from "@stellar/stellar-sdk/base";
import type { AttemptHash } from "../intent/attempt.ts";
import { present } from "../present.ts";
import type { Signer } from "../signing/signer.ts";
import { type SignedEnvelope, signatureOf } from "./build-envelope.ts";

/** The operations that a bump's fee is counted over: the inner one, and the bump itself. */
const FEE_OPERATIONS = 2n;

export interface FeeBump {
  readonly networkPassphrase: string;
  /** The signed inner transaction, as stored. */
  readonly innerXdr: string;
  /** What is bid for inclusion, for each operation. */
  readonly inclusionFeeStroops: bigint;
  /** Pays instead of the inner transaction's source. */
  readonly feeSource: Signer;
}

/**
 * Wraps a signed Soroban transaction of one operation in a higher fee. The inner transaction, with
 * its sequence number, stays what it is: the ledger can apply only one of the two.
 * @see CAP-15
 */
export async function signFeeBump(bump: FeeBump): Promise<SignedEnvelope> {
  const inner = innerEnvelope(bump.innerXdr);
  const fee = FEE_OPERATIONS * bump.inclusionFeeStroops + resourceFeeStroops(inner.tx);
  const unsigned = new xdr.FeeBumpTransaction({
    feeSource: Keypair.fromPublicKey(bump.feeSource.publicKey).xdrMuxedAccount(),
    fee,
    innerTx: xdr.FeeBumpTransactionInnerTx.envelopeTypeTx(inner),
    ext: xdr.FeeBumpTransactionExt.fromXdr(new Uint8Array(4)),
  });
  const envelope = new xdr.FeeBumpTransactionEnvelope({ tx: unsigned, signatures: [] });
  const transaction = new FeeBumpTransaction(
    xdr.TransactionEnvelope.envelopeTypeTxFeeBump(envelope),
    bump.networkPassphrase,
  );
  const hash = transaction.hash();
  transaction.addDecoratedSignature(await signatureOf(bump.feeSource, hash));
  return {
    envelopeXdr: transaction.toXdr(),
    hash: Buffer.from(hash).toString("hex"),
    feeStroops: fee,
  };
}

/**
 * What each envelope of an attempt bids for inclusion, for each operation: the inner transaction's
 * first, then those of the bumps around it.
 */
export function bidsOf(hashes: readonly AttemptHash[]): bigint[] {
  const inner = present(hashes[0], "an attempt without bytes");
  const resourceFee = resourceFeeStroops(innerEnvelope(inner.envelopeXdr).tx);
  return hashes.map(({ feeStroops }, index) => {
    const inclusion = feeStroops - resourceFee;
    return index > 0 ? inclusion / FEE_OPERATIONS : inclusion;
  });
}

function innerEnvelope(innerXdr: string): xdr.TransactionV1Envelope {
  const envelope = xdr.TransactionEnvelope.fromXdr(innerXdr, "base64");
  if (envelope.type !== "envelopeTypeTx") throw new Error(`cannot bump ${envelope.type}`);
  return envelope.v1;
}

function resourceFeeStroops({ ext }: xdr.Transaction): bigint {
  return ext.type === "sorobanData" ? ext.sorobanData.resourceFee : 0n;
}
