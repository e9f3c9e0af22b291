import type { ReceivedTransaction } from "./envelope.ts";
import { SignatureSet } from "./signatures.ts";

/** The signatures of a transaction, and those of the fee bump around it. Verified once each. */
export interface TransactionSignatures {
  readonly inner: SignatureSet;
  readonly outer: SignatureSet | undefined;
}

export function signaturesOf(tx: ReceivedTransaction): TransactionSignatures {
  return {
    inner: new SignatureSet(tx.innerHash, tx.signatures),
    outer: tx.feeBump && new SignatureSet(tx.hash, tx.feeBump.signatures),
  };
}
