import type { DifferenceKind } from "../repositories/reconciliation/difference.ts";

/** What an operator should do about a difference, in one sentence. @see docs/operations.md */
export const ADVICE: Readonly<Record<DifferenceKind, string>> = {
  row_without_event:
    "Look the transaction up at a second RPC; if it is on no ledger, refund or charge the tenant by hand and correct the row.",
  event_without_row:
    "Find out who charged: with our caller, look for a restored backup or another deployment on the same keys; with another caller, ask the vault's owner.",
  charged_not_confirmed:
    "Pending: the engine confirms it by itself, else look at its log. Unknown: `orrery unknown resolve … --as confirmed` with this transaction.",
  charged_but_failed:
    "Do not let the requestId be sent again; refund the user, or correct the row to confirmed.",
  duplicate_charge: "Refund the second charge and keep both transactions for the analysis.",
  amount_differs: "Refund or claim the difference; look for a row that was changed by hand.",
  payee_differs: "Move the amount to the right payee; look for a row that was changed by hand.",
  vault_differs: "Refund the vault that was charged; look for a row that was changed by hand.",
  transaction_differs: "Correct the row's transaction and ledger to the chain's.",
  usage_event_differs:
    "Correct the usage event, or the stream, to what journal and chain agree on.",
};
