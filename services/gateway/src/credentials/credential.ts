import { unauthenticated } from "./grant.ts";

/** What a request presents, before any of it is believed. */
export type Credential =
  | { readonly kind: "api_key"; readonly text: string }
  | { readonly kind: "bearer"; readonly token: string }
  | { readonly kind: "none" };

const BEARER = /^bearer +([^\s,]+)$/i;

/**
 * Reads the one credential of a request. `rawHeaders` as Node gives them, since the joined ones hide
 * that a header came twice, and two parties may each believe another one.
 * @throws {ProblemError} unauthenticated, when there is more than one or it is malformed
 */
export function credentialOf(rawHeaders: readonly string[]): Credential {
  let found: Credential = { kind: "none" };
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase();
    if (name !== "authorization" && name !== "x-api-key") continue;
    if (found.kind !== "none") throw unauthenticated("Send one credential, once.");
    found = read(name, rawHeaders[index + 1] ?? "");
  }
  return found;
}

function read(name: "authorization" | "x-api-key", value: string): Credential {
  if (name === "x-api-key") return { kind: "api_key", text: value };
  const token = BEARER.exec(value)?.[1];
  if (token === undefined) throw unauthenticated("Authorization takes the form: Bearer <token>.");
  return { kind: "bearer", token };
}
