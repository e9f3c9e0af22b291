import type { SubmissionFailure } from "./failure.ts";
import type { IntentKind, TerminalState } from "./submission-intent.ts";

/**
 * What proves a charge. `transaction`: the ledger's own result · `marker`: only the contract's
 * memory of it · `operator`: a person found it out after the engine could not.
 */
export type Evidence = "transaction" | "marker" | "operator";

/** What is known about a charge that happened. */
export interface Confirmation {
  /** Absent when the marker alone proves it (the original is past the network's retention). */
  readonly txHash?: string;
  readonly ledger?: number;
  /** What the contract returned (the new balance), where it could be decoded. */
  readonly returnValue?: string;
  readonly evidence: Evidence;
}

/** The end of one intent, as the journal stored it. */
export interface Resolution {
  readonly intentId: string;
  readonly tenantId: string;
  readonly kind: IntentKind;
  readonly subjectId: string;
  readonly state: TerminalState;
  readonly resolvedAtMs: number;
  readonly txHash?: string;
  readonly ledger?: number;
  readonly returnValue?: string;
  readonly evidence?: Evidence;
  readonly failure?: SubmissionFailure;
}
