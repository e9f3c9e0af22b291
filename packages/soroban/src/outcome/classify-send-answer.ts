import { xdr } from "@stellar/stellar-sdk/base";
import { RpcError } from "../rpc/rpc-error.ts";
import type { SendAnswer } from "../rpc/soroban-rpc.ts";

/**
 * What an answer to sendTransaction tells. None of them says whether the transaction was or will
 * be applied: they only say what to do until the ledger tells.
 *
 * - `queued`: a node holds it; send it again only when it seems dropped
 * - `retry`: nobody may hold it (queue full, banned, no answer): send the same bytes again
 * - `sequence_used`: the account has moved on, perhaps by our own earlier success: look
 * - `fee_too_low`: as `retry`; a higher fee would help
 * - `permanent`: these bytes can never be applied; wait until that is proven
 */
export type SendVerdict =
  | { readonly kind: "queued" }
  | { readonly kind: "retry" }
  | { readonly kind: "sequence_used" }
  | { readonly kind: "fee_too_low" }
  | { readonly kind: "permanent"; readonly code: string };

/** Results that hold for the bytes as such, whichever ledger they come to. */
const PERMANENT = new Set([
  "txBadAuth",
  "txBadAuthExtra",
  "txNoAccount",
  "txMalformed",
  "txMissingOperation",
  "txNotSupported",
  "txBadSponsorship",
  "txSorobanInvalid",
  "txFrozenKeyAccessed",
]);

/**
 * Classifies an answer, or the error that came instead of one. `isBump`: a fee bump was sent, whose
 * own faults say nothing about the transaction in it.
 */
export function classifySendAnswer(answer: SendAnswer | RpcError, isBump = false): SendVerdict {
  if (answer instanceof RpcError) return { kind: "retry" };
  switch (answer.status) {
    case "PENDING":
    case "DUPLICATE":
      return { kind: "queued" };
    case "TRY_AGAIN_LATER":
      return { kind: "retry" };
    case "ERROR":
      return classifyError(resultOf(answer.errorResultXdr), isBump);
  }
}

interface SendError {
  readonly code: string;
  /** It is about the transaction inside a fee bump. */
  readonly isInner: boolean;
}

function classifyError(error: SendError | undefined, isBump: boolean): SendVerdict {
  if (error === undefined) return { kind: "retry" };
  const { code, isInner } = error;
  if (code === "txBadSeq") return { kind: "sequence_used" };
  // An account that cannot pay is helped by a bump as well: the treasury pays then.
  if (code === "txInsufficientFee" || code === "txInsufficientBalance") {
    return { kind: "fee_too_low" };
  }
  if (PERMANENT.has(code) && isInner === isBump) return { kind: "permanent", code };
  return { kind: "retry" };
}

function resultOf(resultXdr: string | undefined): SendError | undefined {
  if (resultXdr === undefined) return undefined;
  try {
    const { result } = xdr.TransactionResult.fromXdr(resultXdr, "base64");
    return result.type === "txFeeBumpInnerFailed"
      ? { code: result.innerResultPair.result.result.type, isInner: true }
      : { code: result.type, isInner: false };
  } catch {
    return undefined;
  }
}
