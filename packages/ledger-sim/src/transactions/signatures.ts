import { createPublicKey, type KeyObject, verify } from "node:crypto";
import { StrKey, type xdr } from "@stellar/stellar-sdk";

const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");
const KEY_CACHE_SIZE = 10_000;
const keys = new Map<string, KeyObject>();

/** Verifies an ed25519 signature by the key that the account is named after. */
export function verifySignature(
  accountId: string,
  payload: Uint8Array,
  signature: Uint8Array,
): boolean {
  return signature.length === 64 && verify(null, payload, publicKeyOf(accountId), signature);
}

function publicKeyOf(accountId: string): KeyObject {
  const known = keys.get(accountId);
  if (known) return known;
  if (keys.size >= KEY_CACHE_SIZE) keys.clear();
  const der = Buffer.concat([SPKI_PREFIX, StrKey.decodeEd25519PublicKey(accountId)]);
  const key = createPublicKey({ key: der, format: "der", type: "spki" });
  keys.set(accountId, key);
  return key;
}

/**
 * The signatures of one envelope over one hash: an account signs by its master key alone.
 * A signature counts for an account only when its hint is the end of the account's key.
 */
export class SignatureSet {
  readonly #signatures: readonly xdr.DecoratedSignature[];
  readonly #payload: Uint8Array;
  readonly #used = new Set<number>();
  readonly #answers = new Map<string, boolean>();

  constructor(hash: string, signatures: readonly xdr.DecoratedSignature[]) {
    this.#payload = Buffer.from(hash, "hex");
    this.#signatures = signatures;
  }

  isSignedBy(accountId: string): boolean {
    const known = this.#answers.get(accountId);
    if (known !== undefined) return known;
    const isSigned = this.#search(accountId);
    this.#answers.set(accountId, isSigned);
    return isSigned;
  }

  /** Whether every signature served some account asked for so far. */
  isEverySignatureUsed(): boolean {
    return this.#used.size === this.#signatures.length;
  }

  #search(accountId: string): boolean {
    const hint = StrKey.decodeEd25519PublicKey(accountId).subarray(-4);
    for (const [index, { hint: given, signature }] of this.#signatures.entries()) {
      if (Buffer.compare(given.toBytes(), hint) !== 0) continue;
      if (!verifySignature(accountId, this.#payload, signature.toBytes())) continue;
      this.#used.add(index);
      return true;
    }
    return false;
  }
}
