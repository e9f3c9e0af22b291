import {
  Account,
  StrKey,
  type Transaction,
  TransactionBuilder,
  xdr,
} from "@stellar/stellar-sdk/base";
import type { Signer } from "../signing/signer.ts";

/** The bounds within which a transaction may be applied. */
export interface TransactionBounds {
  /** Exclusive. */
  readonly maxLedger: number;
  /** Inclusive, seconds since the epoch. */
  readonly maxTimeS: number;
}

export interface UnsignedTransaction {
  readonly networkPassphrase: string;
  /** The account whose sequence number is used and which pays the fee. */
  readonly sourcePublicKey: string;
  readonly sequence: bigint;
  readonly operations: readonly xdr.Operation[];
  readonly inclusionFeeStroops: bigint;
  readonly bounds: TransactionBounds;
  /** Footprint, resources and resource fee, as base64 SorobanTransactionData. */
  readonly sorobanData?: string;
}

/** Signed bytes and the hash that the network knows them by. */
export interface SignedEnvelope {
  readonly envelopeXdr: string;
  readonly hash: string;
  /** What it may cost at most, resources included. */
  readonly feeStroops: bigint;
}

/** Builds a transaction with ledger and time bounds; pure. */
export function buildTransaction(unsigned: UnsignedTransaction): Transaction {
  const source = new Account(unsigned.sourcePublicKey, (unsigned.sequence - 1n).toString());
  const builder = new TransactionBuilder(source, {
    fee: unsigned.inclusionFeeStroops.toString(),
    networkPassphrase: unsigned.networkPassphrase,
    timebounds: { minTime: 0, maxTime: unsigned.bounds.maxTimeS },
    ledgerbounds: { minLedger: 0, maxLedger: unsigned.bounds.maxLedger },
    ...(unsigned.sorobanData !== undefined && { sorobanData: unsigned.sorobanData }),
  });
  for (const operation of unsigned.operations) builder.addOperation(operation);
  return builder.build();
}

/**
 * Signs with every signer in order. The signatures are appended as they are: the SDK's own `sign`
 * is ten times as slow, and its `addSignature` verifies each again.
 */
export async function signTransaction(
  transaction: Transaction,
  signers: readonly Signer[],
): Promise<SignedEnvelope> {
  const hash = transaction.hash();
  for (const signer of signers) {
    transaction.addDecoratedSignature(await signatureOf(signer, hash));
  }
  return {
    envelopeXdr: transaction.toXdr(),
    hash: Buffer.from(hash).toString("hex"),
    feeStroops: BigInt(transaction.fee),
  };
}

/** One signature over a transaction's hash. */
export async function signatureOf(
  signer: Signer,
  hash: Uint8Array,
): Promise<xdr.DecoratedSignature> {
  const signature = await signer.sign(hash);
  return new xdr.DecoratedSignature({ hint: hintOf(signer.publicKey), signature });
}

/** The last four bytes of the key, by which a validator finds it. */
function hintOf(publicKey: string): Uint8Array {
  return StrKey.decodeEd25519PublicKey(publicKey).slice(-4);
}
