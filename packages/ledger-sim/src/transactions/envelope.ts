import { createHash } from "node:crypto";
import { xdr } from "@stellar/stellar-sdk";
import { muxedAccountIdOf } from "../entries/entry.ts";

export interface FeeBump {
  readonly feeSourceId: string;
  readonly feeStroops: bigint;
  readonly signatures: readonly xdr.DecoratedSignature[];
}

/** A decoded transaction, with what the ledger's rules need of it. */
export interface ReceivedTransaction {
  readonly envelopeXdr: string;
  readonly sizeBytes: number;
  /** Hash of the envelope as sent; of the fee bump where it is one. */
  readonly hash: string;
  /** Hash of the inner transaction; the same as `hash` without a fee bump. */
  readonly innerHash: string;
  readonly transaction: xdr.Transaction;
  readonly sourceId: string;
  readonly signatures: readonly xdr.DecoratedSignature[];
  readonly feeBump: FeeBump | undefined;
  readonly sorobanData: xdr.SorobanTransactionData | undefined;
}

/** The envelope cannot be decoded, or is of a kind that the network no longer accepts. */
export class EnvelopeError extends Error {}

const SOROBAN_OPERATIONS: ReadonlySet<string> = new Set([
  "invokeHostFunction",
  "extendFootprintTtl",
  "restoreFootprint",
]);

/**
 * Decodes a v1 or fee-bump envelope and computes its hashes.
 * @throws {EnvelopeError}
 */
export function decodeEnvelope(envelopeXdr: string, networkId: Uint8Array): ReceivedTransaction {
  const raw = decodeBase64(envelopeXdr);
  const envelope = decodeEnvelopeXdr(raw);
  if (envelope.type === "envelopeTypeTxV0") {
    throw new EnvelopeError("v0 envelopes are not accepted");
  }
  const outerSignatures = envelope.value.signatures;
  const outerEnd = raw.length - signaturesLength(outerSignatures);
  const hash = hashPayload(networkId, raw.subarray(0, outerEnd));
  if (envelope.type === "envelopeTypeTx") {
    const inner = describe(envelope.v1);
    return {
      envelopeXdr,
      sizeBytes: raw.length,
      hash,
      innerHash: hash,
      ...inner,
      feeBump: undefined,
    };
  }
  const bump = envelope.feeBump.tx;
  const inner = bump.innerTx.value;
  const innerStart = 4 + bump.feeSource.toXdr().length + 8;
  const innerEnd = outerEnd - 4 - signaturesLength(inner.signatures);
  return {
    envelopeXdr,
    sizeBytes: raw.length,
    hash,
    innerHash: hashPayload(networkId, raw.subarray(innerStart, innerEnd)),
    ...describe(inner),
    feeBump: {
      feeSourceId: muxedAccountIdOf(bump.feeSource),
      feeStroops: bump.fee,
      signatures: outerSignatures,
    },
  };
}

function describe(envelope: xdr.TransactionV1Envelope) {
  const ext = envelope.tx.ext;
  return {
    transaction: envelope.tx,
    sourceId: muxedAccountIdOf(envelope.tx.sourceAccount),
    signatures: envelope.signatures,
    sorobanData: ext.type === "sorobanData" ? ext.sorobanData : undefined,
  };
}

/** Who pays the fee: the fee bump's source, else the transaction's. */
export function feeSourceIdOf(tx: ReceivedTransaction): string {
  return tx.feeBump?.feeSourceId ?? tx.sourceId;
}

/** The most the sender pays, inclusion and resources together. */
export function fullFeeOf(tx: ReceivedTransaction): bigint {
  return tx.feeBump?.feeStroops ?? BigInt(tx.transaction.fee);
}

/** What is bid for inclusion: the full fee without the resource fee. */
export function inclusionFeeOf(tx: ReceivedTransaction): bigint {
  return fullFeeOf(tx) - (tx.sorobanData?.resourceFee ?? 0n);
}

/** Operations that the minimum fee counts: a fee bump adds one. */
export function feeOperationsOf(tx: ReceivedTransaction): bigint {
  return BigInt(tx.transaction.operations.length + (tx.feeBump ? 1 : 0));
}

export function isSoroban(tx: ReceivedTransaction): boolean {
  return tx.transaction.operations.some(({ body }) => SOROBAN_OPERATIONS.has(body.type));
}

export function operationSourceIdOf(tx: ReceivedTransaction, operation: xdr.Operation): string {
  return operation.sourceAccount ? muxedAccountIdOf(operation.sourceAccount) : tx.sourceId;
}

function hashPayload(networkId: Uint8Array, taggedTransaction: Uint8Array): string {
  return createHash("sha256").update(networkId).update(taggedTransaction).digest("hex");
}

function signaturesLength(signatures: readonly xdr.DecoratedSignature[]): number {
  return signatures.reduce(
    (sum, { signature }) => sum + 8 + Math.ceil(signature.toBytes().length / 4) * 4,
    4,
  );
}

function decodeBase64(text: string): Uint8Array {
  const raw = Buffer.from(text, "base64");
  if (raw.toString("base64") !== text) throw new EnvelopeError("not base64");
  return raw;
}

function decodeEnvelopeXdr(raw: Uint8Array): xdr.TransactionEnvelope {
  try {
    return xdr.TransactionEnvelope.fromXdr(raw);
  } catch (cause) {
    throw new EnvelopeError("not a transaction envelope", { cause });
  }
}
