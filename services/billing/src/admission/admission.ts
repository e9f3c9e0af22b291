/** What is known of a tenant's backlog at the moment of a request. */
export interface TenantBacklog {
  /** Accepted and not settled. */
  readonly pending: number;
  /** How fast it drains under load; undefined until that was seen. */
  readonly drainPerSecond: number | undefined;
}

export interface AdmissionLimits {
  readonly maxPendingPerTenant: number;
  readonly maxWaitSeconds: number;
}

export type AdmissionDecision =
  | { readonly isAdmitted: true }
  | {
      readonly isAdmitted: false;
      readonly reason: "cap" | "wait";
      /** When it is worth asking again: 1 … 60. */
      readonly retryAfterSeconds: number;
    };

/** About a ledger: what to wait where nobody knows how fast the backlog drains. */
const UNKNOWN_RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 60;

/**
 * Whether one more request may join the backlog: fewer are pending than the cap, and the last of
 * them would be through within the longest wait at the rate that was measured.
 */
export function decideAdmission(
  { pending, drainPerSecond }: TenantBacklog,
  { maxPendingPerTenant, maxWaitSeconds }: AdmissionLimits,
): AdmissionDecision {
  const refuse = (reason: "cap" | "wait", mostPending: number): AdmissionDecision => ({
    isAdmitted: false,
    reason,
    retryAfterSeconds: retryAfterSeconds(pending + 1 - mostPending, drainPerSecond),
  });
  if (pending >= maxPendingPerTenant) return refuse("cap", maxPendingPerTenant);
  if (drainPerSecond === undefined) return { isAdmitted: true };
  const mostWithinWait = maxWaitSeconds * drainPerSecond;
  return pending + 1 > mostWithinWait ? refuse("wait", mostWithinWait) : { isAdmitted: true };
}

function retryAfterSeconds(excess: number, drainPerSecond: number | undefined): number {
  if (drainPerSecond === undefined || drainPerSecond <= 0) return UNKNOWN_RETRY_SECONDS;
  return Math.min(MAX_RETRY_SECONDS, Math.max(1, Math.ceil(excess / drainPerSecond)));
}
