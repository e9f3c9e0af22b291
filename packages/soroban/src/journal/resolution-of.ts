import type { Resolution } from "../intent/resolution.ts";
import type { SubmissionIntent } from "../intent/submission-intent.ts";
import type { Outcome } from "./submission-journal.ts";

/** What an outcome means for one intent: the form in which adapters store it and tell their hook. */
export function resolutionOf(
  intent: SubmissionIntent,
  outcome: Outcome,
  resolvedAtMs: number,
): Resolution {
  const { intentId, tenantId, kind, subjectId } = intent;
  const base = { intentId, tenantId, kind, subjectId, state: outcome.state, resolvedAtMs };
  if (outcome.state === "confirmed") return { ...base, ...outcome.confirmation };
  return {
    ...base,
    failure: outcome.failure,
    ...(outcome.txHash !== undefined && { txHash: outcome.txHash }),
    ...(outcome.ledger !== undefined && { ledger: outcome.ledger }),
  };
}
