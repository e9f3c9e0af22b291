/**
 * How rows and chain can disagree.
 *
 * - `row_without_event`: a row says charged, its vault's events of that ledger do not
 * - `event_without_row`: a charge on chain under a marker that no row has, or without one
 * - `charged_not_confirmed`: charged on chain, the row is still pending or unknown
 * - `charged_but_failed`: charged on chain, the row says that nobody was charged
 * - `duplicate_charge`: one marker was charged more than once
 * - `amount_differs`, `payee_differs`, `vault_differs`, `transaction_differs`: charged, but not so
 * - `usage_event_differs`: chain and journal agree, the usage event or stream that the tenant sees does not
 */
export const DIFFERENCE_KINDS = [
  "row_without_event",
  "event_without_row",
  "charged_not_confirmed",
  "charged_but_failed",
  "duplicate_charge",
  "amount_differs",
  "payee_differs",
  "vault_differs",
  "transaction_differs",
  "usage_event_differs",
] as const;

export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** One disagreement between the rows and the chain. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly vaultContractId: string;
  /** Where to look: the event's ledger, or the one that the row names. */
  readonly ledger: number;
  readonly txHash?: string;
  readonly marker?: string;
  /** Whose charge it is, where a row says so. */
  readonly tenantId?: string;
  readonly subjectId?: string;
  /** For operators: what the row says and what the chain says. */
  readonly detail: string;
}
