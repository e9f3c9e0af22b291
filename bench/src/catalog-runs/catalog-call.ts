import { CONTEXT_HEADER } from "@orrery/common/http/signed-context";
import { type BillingAddress, contextHeader } from "../world/billing-call.ts";

export interface CatalogAnswer {
  readonly status: number;
  readonly text: string;
  /** The header `X-Cache`. */
  readonly cache: string;
}

/** Calls a catalog process as the gateway would. `path` begins with the version's prefix. */
export async function callCatalog(
  { url, contextKeys }: BillingAddress,
  method: "GET" | "POST",
  path: string,
  body?: object,
): Promise<CatalogAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      [CONTEXT_HEADER]: contextHeader(contextKeys, "catalog"),
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const cache = response.headers.get("x-cache") ?? "";
  return { status: response.status, text: await response.text(), cache };
}

/** @throws {Error} unless it was created */
export async function postCatalog(
  catalog: BillingAddress,
  path: string,
  body: object,
): Promise<void> {
  const { status, text } = await callCatalog(catalog, "POST", `/api/v1${path}`, body);
  if (status !== 201) throw new Error(`POST ${path} answered ${status}: ${text}`);
}

/** A token of the benches' tenant with this address. */
export function tokenBody(address: string): object {
  return { address, name: "Nova", symbol: "NOV", decimals: 0, totalSupply: "1000000000000" };
}
