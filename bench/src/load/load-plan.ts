import { API_ID, type BillingAddress } from "../world/billing-call.ts";

/** Deductions for a separate process to send. Request `n` is the same bytes whoever sends it. */
export interface LoadPlan extends BillingAddress {
  readonly connections: number;
  /** Closed loop for so long, or exactly so many requests. */
  readonly ends: { readonly afterMs: number } | { readonly afterRequests: number };
  /** An even rate over all connections; as fast as the answers come when left out. */
  readonly ratePerSecond?: number;
  readonly idPrefix: string;
  /** The ids begin again after so many; each is new when left out. */
  readonly distinctIds?: number;
  /** Request n is of user n modulo this. */
  readonly users: number;
}

export interface LoadResult {
  readonly generator: "wrk" | "autocannon";
  /** Answered with 2xx. */
  readonly answered: number;
  /** Anything else: another status, a broken connection, a time-out. */
  readonly failures: number;
  readonly elapsedMs: number;
}

export const DEDUCT_PATH = "/api/v1/billing/deduct";

/** What one deduction costs, in USDC and in stroops. */
export const AMOUNT_USDC = "0.0001";
export const AMOUNT_STROOPS = 1_000n;

/** The body of request `n`; wrk.lua writes the same. */
export function bodyOf(plan: Pick<LoadPlan, "idPrefix" | "distinctIds" | "users">, n: number) {
  const number = plan.distinctIds === undefined ? n : n % plan.distinctIds;
  return JSON.stringify({
    requestId: `${plan.idPrefix}-${number}`,
    userId: `user-${number % plan.users}`,
    apiId: API_ID,
    endpointId: "endpoint-1",
    apiKeyId: "key-1",
    amountUsdc: AMOUNT_USDC,
  });
}

export function perSecond({ answered, elapsedMs }: LoadResult): number {
  return (answered * 1_000) / elapsedMs;
}

/** In a closed loop every connection always waits for one answer. */
export function meanLatencyMs({ connections }: LoadPlan, result: LoadResult): number {
  return (connections * result.elapsedMs) / result.answered;
}
