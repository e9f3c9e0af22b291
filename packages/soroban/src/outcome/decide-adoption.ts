import type { SubmissionFailure } from "../intent/failure.ts";
import type { Confirmation } from "../intent/resolution.ts";

/** What a charge is made of: everything that must agree before it is taken for ours. */
export interface ChargeTerms {
  readonly vaultContractId: string;
  readonly caller: string;
  readonly amountStroops: bigint;
  readonly marker: string;
  readonly payee: string;
}

/** What was found on chain about a marker that is present. */
export type OriginalCharge =
  | {
      readonly kind: "found";
      readonly txHash: string;
      readonly ledger: number;
      /** As the original transaction carried them. */
      readonly terms: ChargeTerms;
    }
  /** An event was found, but the transaction behind it could not be read yet. */
  | { readonly kind: "unreadable"; readonly txHash: string }
  /** The transaction behind the event is not a call that we could have made. */
  | { readonly kind: "foreign"; readonly txHash: string }
  /** No event for the marker in the whole range that the network still has. */
  | { readonly kind: "absent"; readonly oldestLedger: number; readonly latestLedger: number };

/** What the duplicate's original means for the intent. */
export type AdoptionDecision =
  | { readonly kind: "adopt"; readonly confirmation: Confirmation }
  | { readonly kind: "refuse"; readonly failure: SubmissionFailure }
  /** The server has not come as far as the ledger in which the marker was seen: ask again. */
  | { readonly kind: "wait" };

/** A network's first ledgers: where history that starts here is complete. */
const FIRST_LEDGER = 2;

/**
 * Whether a charge with our marker is our charge: only on full agreement. With the original past
 * the network's retention the marker itself is the evidence. A history that is complete and holds no
 * such charge contradicts the marker: nobody can tell then.
 * `markerSeenLedger`: a ledger in which the marker was present.
 */
export function decideAdoption(
  wanted: ChargeTerms,
  original: OriginalCharge,
  markerSeenLedger: number,
): AdoptionDecision {
  if (original.kind === "unreadable") return { kind: "wait" };
  if (original.kind === "foreign") {
    return mismatch(`transaction ${original.txHash} is not a call of ours`);
  }
  if (original.kind === "absent") {
    if (original.latestLedger < markerSeenLedger) return { kind: "wait" };
    if (original.oldestLedger > FIRST_LEDGER) {
      return { kind: "adopt", confirmation: { evidence: "marker" } };
    }
    return mismatch("the marker is on chain, but no charge for it in a complete history");
  }
  const differing = (Object.keys(wanted) as (keyof ChargeTerms)[]).filter(
    (term) => wanted[term] !== original.terms[term],
  );
  if (differing.length > 0) {
    return mismatch(`transaction ${original.txHash} differs in ${differing.join(", ")}`);
  }
  const { txHash, ledger } = original;
  return { kind: "adopt", confirmation: { evidence: "transaction", txHash, ledger } };
}

function mismatch(detail: string): AdoptionDecision {
  return { kind: "refuse", failure: { reason: "adoption_mismatch", contractError: 29, detail } };
}
