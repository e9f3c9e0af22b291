import { hash as digest } from "node:crypto";
import type { Signer } from "../signing/signer.ts";
import { accountKeyBytes } from "./address-xdr.ts";
import type { SignedEnvelope, TransactionBounds } from "./build-envelope.ts";
import { XdrWriter } from "./xdr-writer.ts";

/** A transaction of one operation, which is XDR already. */
export interface OneOperationTransaction {
  readonly networkPassphrase: string;
  /** The account whose sequence number is used and which pays the fee. */
  readonly sourcePublicKey: string;
  readonly sequence: bigint;
  /** The XDR of an Operation. */
  readonly operation: Uint8Array;
  readonly inclusionFeeStroops: bigint;
  readonly bounds: TransactionBounds;
  /** Footprint, resources and resource fee, as base64 SorobanTransactionData. */
  readonly sorobanData?: string;
}

/** What is hashed and signed: the network's id, the envelope's type, the transaction. */
export interface EncodedTransaction {
  readonly payload: Uint8Array;
  readonly feeStroops: bigint;
}

const KEY_TYPE_ED25519 = 0;
const ENVELOPE_TYPE_TX = 2;
const PRECOND_V2 = 2;
const MEMO_NONE = 0;
const NETWORK_ID_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * Writes the bytes that the SDK's transaction builder would make, bit for bit, in a hundredth of the
 * time: the shape never changes, and what the network answered is copied as it came.
 * @throws {RangeError} for a fee, a sequence or a bound that is out of its type's range
 */
export function encodeTransaction(unsigned: OneOperationTransaction): EncodedTransaction {
  const { bounds, sorobanData } = unsigned;
  const data = sorobanData === undefined ? undefined : Buffer.from(sorobanData, "base64");
  const feeStroops = unsigned.inclusionFeeStroops + (data === undefined ? 0n : resourceFee(data));
  const out = new XdrWriter();
  out.raw(networkId(unsigned.networkPassphrase));
  out.u32(ENVELOPE_TYPE_TX);
  writeAccount(out, unsigned.sourcePublicKey);
  out.u32(Number(feeStroops));
  out.i64(unsigned.sequence);
  writeConditions(out, bounds);
  out.u32(MEMO_NONE);
  out.u32(1);
  out.raw(unsigned.operation);
  out.u32(data === undefined ? 0 : 1);
  if (data !== undefined) out.raw(data);
  return { payload: out.toBytes(), feeStroops };
}

/** The envelope without a signature, in base64: what simulation takes. */
export function unsignedEnvelopeXdr(unsigned: OneOperationTransaction): string {
  return envelopeXdr(encodeTransaction(unsigned), []);
}

/** Hashes once and signs with every signer in order. */
export async function signEncoded(
  encoded: EncodedTransaction,
  signers: readonly Signer[],
): Promise<SignedEnvelope> {
  const hash = digest("sha256", encoded.payload, "buffer");
  const signatures: Signature[] = [];
  for (const signer of signers) {
    signatures.push({ publicKey: signer.publicKey, bytes: await signer.sign(hash) });
  }
  return {
    envelopeXdr: envelopeXdr(encoded, signatures),
    hash: hash.toString("hex"),
    feeStroops: encoded.feeStroops,
  };
}

/** A muxed account that is none: the key alone. */
export function writeAccount(out: XdrWriter, publicKey: string): void {
  out.u32(KEY_TYPE_ED25519);
  out.raw(accountKeyBytes(publicKey));
}

interface Signature {
  readonly publicKey: string;
  readonly bytes: Uint8Array;
}

function envelopeXdr({ payload }: EncodedTransaction, signatures: readonly Signature[]): string {
  const out = new XdrWriter();
  out.raw(payload.subarray(NETWORK_ID_BYTES));
  out.u32(signatures.length);
  for (const { publicKey, bytes } of signatures) {
    // The last four bytes of the key, by which a validator finds it.
    out.raw(accountKeyBytes(publicKey).subarray(-4));
    out.u32(SIGNATURE_BYTES);
    out.raw(bytes);
  }
  return out.toBytes().toString("base64");
}

function writeConditions(out: XdrWriter, { maxLedger, maxTimeS }: TransactionBounds): void {
  out.u32(PRECOND_V2);
  out.u32(1);
  out.u64(0n);
  out.u64(BigInt(maxTimeS));
  out.u32(1);
  out.u32(0);
  out.u32(maxLedger);
  // No least sequence, age or gap, no further signers.
  out.u32(0);
  out.u64(0n);
  out.u32(0);
  out.u32(0);
}

/** SorobanTransactionData ends with it. */
function resourceFee(data: Buffer): bigint {
  return data.readBigInt64BE(data.length - 8);
}

/** A process talks to one network, by custom. */
let latest: { readonly passphrase: string; readonly id: Uint8Array } | undefined;

function networkId(passphrase: string): Uint8Array {
  if (latest?.passphrase !== passphrase) {
    latest = { passphrase, id: digest("sha256", passphrase, "buffer") };
  }
  return latest.id;
}
