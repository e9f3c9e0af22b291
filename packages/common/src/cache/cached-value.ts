import { createHash } from "node:crypto";

/** An answer ready to send: its bytes, their entity tag. */
export interface CachedValue {
  readonly body: Buffer;
  /** A strong ETag, quotes included. @see RFC 9110, section 8.8.3 */
  readonly etag: string;
}

export function cachedValueOf(body: Buffer): CachedValue {
  const digest = createHash("sha256").update(body).digest("base64url");
  return { body, etag: `"${digest.slice(0, 27)}"` };
}
