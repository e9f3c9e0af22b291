/** The keys that sign and verify contexts: the first signs, all verify, so that keys can rotate. */
export interface ContextKey {
  readonly keyId: string;
  readonly secret: Uint8Array;
}

/** What `CONTEXT_SIGNING_KEYS` looks like: `kid:base64` of at least 32 bytes, comma-separated. */
export const CONTEXT_KEYS_PATTERN =
  "^[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/_-]{43,}={0,2}(,[A-Za-z0-9_-]{1,32}:[A-Za-z0-9+/_-]{43,}={0,2})*$";

/** Reads `CONTEXT_SIGNING_KEYS`, which has been checked against its pattern. */
export function parseContextKeys(text: string): readonly [ContextKey, ...ContextKey[]] {
  const [first, ...others] = text.split(",").map((pair): ContextKey => {
    const separator = pair.indexOf(":");
    return {
      keyId: pair.slice(0, separator),
      secret: Buffer.from(pair.slice(separator + 1), "base64"),
    };
  });
  if (first === undefined) throw new Error("CONTEXT_SIGNING_KEYS holds no key");
  return [first, ...others];
}
