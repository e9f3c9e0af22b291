import { randomBytes } from "node:crypto";
import type { Audience } from "@orrery/common/contracts/request-context";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { CONTEXT_HEADER, signContext } from "@orrery/common/http/signed-context";
import { PAYEE, vaultContractId } from "./accounts.ts";

export const TENANT_ID = "bench";
export const API_ID = "metered";

/** What the gateway would sign with; new for each run. */
export function newContextKeys(): string {
  return `bench:${randomBytes(32).toString("base64")}`;
}

/** The header by which a call counts as the gateway's; valid for 30 s. */
export function contextHeader(contextKeys: string, audience: Audience = "billing"): string {
  const scopes = [`${audience}:read`, `${audience}:write`] as const;
  const context = { tenantId: TENANT_ID, principal: "key:bench", scopes };
  return signContext(context, audience, parseContextKeys(contextKeys)[0]);
}

export interface BillingAddress {
  readonly url: string;
  readonly contextKeys: string;
}

export interface BillingAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export async function callBilling(
  { url, contextKeys }: BillingAddress,
  method: "GET" | "POST" | "PUT",
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<BillingAnswer> {
  const response = await fetch(`${url}/api/v1/billing${path}`, {
    method,
    headers: {
      [CONTEXT_HEADER]: contextHeader(contextKeys),
      ...(body && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as BillingAnswer["body"] };
}

export type Settlement = "aggregated" | "per_request";

/** Registers the bench's API. False: this build does not settle that way. */
export async function putApi(
  billing: BillingAddress,
  settlement: Settlement,
  settleEverySeconds = 60,
): Promise<boolean> {
  const { status, body } = await callBilling(billing, "PUT", `/apis/${API_ID}`, {
    name: "Metered",
    payoutAddress: PAYEE,
    settlement,
    ...(settlement === "aggregated" && { settleEverySeconds }),
  });
  if (status === 200 || status === 201) return body["settlement"] === settlement;
  if (status === 400 && settlement === "aggregated") return false;
  throw new Error(`PUT /apis answered ${status}: ${JSON.stringify(body)}`);
}

/** Gives the first `users` users a vault each. */
export async function putVaults(billing: BillingAddress, users: number): Promise<void> {
  for (let user = 0; user < users; user += 1) {
    const path = `/vaults/user-${user}`;
    const { status, body } = await callBilling(billing, "PUT", path, {
      contractId: vaultContractId(user),
    });
    if (status >= 300) throw new Error(`PUT ${path} answered ${status}: ${JSON.stringify(body)}`);
  }
}
