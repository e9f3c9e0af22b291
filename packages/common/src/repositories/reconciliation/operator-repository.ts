import type { SubmissionFailure } from "@orrery/soroban/intent/failure";
import type { IntentKind } from "@orrery/soroban/intent/submission-intent";
import type { OperatorAction } from "./operator-action.ts";

/** A charge of which nobody can tell whether it happened, with what an operator needs to find out. */
export interface UnknownSubmission {
  readonly tenantId: string;
  readonly intentId: string;
  readonly kind: IntentKind;
  readonly subjectId: string;
  readonly vaultContractId: string;
  readonly payee: string;
  readonly amountStroops: bigint;
  readonly marker: string;
  readonly failure?: SubmissionFailure;
  /** Since when nobody can tell. */
  readonly since: Date;
  /** Every transaction that was ever signed for it. */
  readonly txHashes: readonly string[];
}

/** What an operator has found out. */
export type UnknownDecision =
  | { readonly state: "confirmed"; readonly txHash?: string; readonly ledger?: number }
  | { readonly state: "failed" };

export interface UnknownKey {
  readonly tenantId: string;
  readonly kind: IntentKind;
  /** The requestId of a deduction. */
  readonly subjectId: string;
}

/** What only an operator may decide. Every change leaves an audit record in its transaction. */
export interface OperatorRepository {
  /** By tenant and intent, after the given one. */
  listUnknown(after: UnknownSubmission | undefined, limit: number): Promise<UnknownSubmission[]>;

  findUnknown(key: UnknownKey): Promise<UnknownSubmission | undefined>;

  /**
   * Ends an `unknown` submission, and only such a one, as the engine would have: the journal's
   * resolution hook runs in the same transaction. `failed` says that nobody was charged, so that the
   * same requestId may be charged afterwards. False when it is not `unknown` (any more).
   */
  resolveUnknown(
    key: UnknownKey,
    decision: UnknownDecision,
    action: OperatorAction,
  ): Promise<boolean>;

  /** Closes an open difference for good. False when there is no such open difference. */
  closeDifference(differenceId: string, action: OperatorAction): Promise<boolean>;
}
