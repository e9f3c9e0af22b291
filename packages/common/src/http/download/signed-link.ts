import { createHmac, timingSafeEqual } from "node:crypto";
import type { Clock } from "../../contracts/clock.ts";
import { isTenantId } from "../../contracts/tenant-id.ts";
import type { ContextKey } from "../context-keys.ts";

/** What a link allows: one thing of one tenant, for one purpose, until a time. */
interface LinkTerms {
  /** Keeps the links of one feature from opening another's. */
  readonly purpose: string;
  readonly tenantId: string;
  readonly subject: string;
  /** Seconds since the epoch, as decimal digits. */
  readonly expires: string;
}

/** The query of a signed link. */
export interface LinkQuery {
  readonly expires: string;
  readonly sig: string;
}

export type LinkReading =
  | { readonly outcome: "valid" | "expired"; readonly tenantId: string }
  | { readonly outcome: "invalid" };

const INVALID: LinkReading = { outcome: "invalid" };
const EXPIRES = /^[1-9]\d{0,11}$/;

/** Signs with the first key. The tenant travels in `sig`, since a link comes without a credential. */
export function signLink(
  terms: Omit<LinkTerms, "expires"> & { readonly expiresAt: Date },
  key: ContextKey,
): LinkQuery {
  const { purpose, tenantId, subject, expiresAt } = terms;
  const expires = String(Math.floor(expiresAt.getTime() / 1_000));
  const mac = macOf({ purpose, tenantId, subject, expires }, key);
  return { expires, sig: `${key.keyId}.${tenantId}.${mac.toString("base64url")}` };
}

/** What a link is worth; an expired one was ours. */
export function readLink(
  { purpose, subject }: Pick<LinkTerms, "purpose" | "subject">,
  { expires = "", sig = "" }: Partial<LinkQuery>,
  keys: readonly ContextKey[],
  clock: Clock,
): LinkReading {
  const [keyId, tenantId = "", signature = "", ...more] = sig.split(".");
  const key = keys.find((candidate) => candidate.keyId === keyId);
  if (key === undefined || more.length > 0) return INVALID;
  if (!isTenantId(tenantId) || !EXPIRES.test(expires)) return INVALID;
  const expected = macOf({ purpose, tenantId, subject, expires }, key);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return INVALID;
  return { outcome: Number(expires) * 1_000 > clock() ? "valid" : "expired", tenantId };
}

/** No part but the last can hold a line feed: different terms never read the same. */
function macOf({ purpose, tenantId, subject, expires }: LinkTerms, key: ContextKey): Buffer {
  const text = ["orrery link", purpose, tenantId, expires, subject].join("\n");
  return createHmac("sha256", key.secret).update(text, "utf8").digest();
}
