/**
 * Signs 32-byte hashes with one ed25519 key. A KMS or an HSM fits behind it; the engine never sees
 * the key itself.
 */
export interface Signer {
  /** The account (`G…`) whose signature this is. */
  readonly publicKey: string;
  /** The 64-byte ed25519 signature of `hash`. */
  sign(hash: Uint8Array): Promise<Uint8Array> | Uint8Array;
}
