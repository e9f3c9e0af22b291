import { API_ID, type BillingAddress } from "../world/billing-call.ts";

/** Calls for a separate process to send. Request `n` is the same bytes whoever sends it. */
export interface LoadPlan extends BillingAddress {
  readonly connections: number;
  /** Closed loop for so long, or exactly so many requests. */
  readonly ends: { readonly afterMs: number } | { readonly afterRequests: number };
  /** An even rate over all connections; as fast as the answers come when left out. */
  readonly ratePerSecond?: number;
  readonly idPrefix: string;
  /** The ids begin again after so many; each is new when left out. */
  readonly distinctIds?: number;
  /** Deduction n is of user n modulo this. */
  readonly users: number;
  /** Deductions when left out. */
  readonly calls?: Calls;
  /** With an `Idempotency-Key` of its own each. */
  readonly hasKeys?: boolean;
}

export interface LoadResult {
  readonly generator: "wrk" | "autocannon";
  /** Answered with 2xx. */
  readonly answered: number;
  /** Anything else: another status, a broken connection, a time-out. */
  readonly failures: number;
  readonly elapsedMs: number;
}

export type Calls = "deductions" | "tokens" | "burns";

/** Where the calls go, and whom the gateway would sign them for. */
export const CALLED = {
  deductions: { path: "/api/v1/billing/deduct", audience: "billing" },
  tokens: { path: "/api/v1/tokens", audience: "catalog" },
  /** Of this token every second one; see `pathOf`. */
  burns: { path: "/api/v1/tokens/hot/burns", audience: "catalog" },
} as const;

/** The token that half of all burns are of, and how many share the other half. */
export const HOT_TOKEN = "hot";
export const OTHER_TOKENS = 1_001;

export function calledBy({ calls = "deductions" }: Pick<LoadPlan, "calls">) {
  return CALLED[calls];
}

/** Where request `n` goes; wrk.lua sends it there too. */
export function pathOf(plan: Pick<LoadPlan, "calls">, n: number): string {
  if (plan.calls !== "burns" || n % 2 === 0) return calledBy(plan).path;
  return `/api/v1/tokens/token-${n % OTHER_TOKENS}/burns`;
}

/** The key of request `n`; wrk.lua writes the same. */
export function keyOf({ idPrefix }: Pick<LoadPlan, "idPrefix">, n: number): string {
  return `${idPrefix}-${n}`;
}

/** What one deduction costs, in USDC and in stroops. */
export const AMOUNT_USDC = "0.0001";
export const AMOUNT_STROOPS = 1_000n;

/** The body of request `n`; wrk.lua writes the same. */
export function bodyOf(
  plan: Pick<LoadPlan, "idPrefix" | "distinctIds" | "users" | "calls">,
  n: number,
): string {
  const number = plan.distinctIds === undefined ? n : n % plan.distinctIds;
  if (plan.calls === "tokens") {
    const address = `${plan.idPrefix}-${number}`;
    return JSON.stringify({ address, name: "Nova", symbol: "NOV", decimals: 7, totalSupply: "1" });
  }
  if (plan.calls === "burns") {
    const user = `user-${number % plan.users}`;
    const txHash = `${plan.idPrefix}-${number}`;
    return JSON.stringify({ txHash, from: user, amount: "1", burnedBy: user });
  }
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
