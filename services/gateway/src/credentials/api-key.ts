import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** The parts of `ork_<env>_<id>_<secret>`. */
export interface ParsedApiKey {
  readonly environment: string;
  readonly id: string;
  readonly secret: string;
}

const SECRET_BYTES = 32;
const API_KEY =
  /^ork_([a-z]{1,16})_([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})_([A-Za-z0-9_-]{43})$/;

/** A new key's text, shown once: 256 random bits as its secret. */
export function generateApiKey(
  environment: string,
  id: string,
  random: (bytes: number) => Buffer = randomBytes,
): ParsedApiKey & { readonly text: string } {
  const secret = random(SECRET_BYTES).toString("base64url");
  return { environment, id, secret, text: `${apiKeyPrefix(environment, id)}_${secret}` };
}

/** The part of a key that may be shown and logged. */
export function apiKeyPrefix(environment: string, id: string): string {
  return `ork_${environment}_${id}`;
}

/** Undefined when the text is not shaped like one of our keys: no look-up is worth it. */
export function parseApiKey(text: string): ParsedApiKey | undefined {
  const [, environment, id, secret] = API_KEY.exec(text) ?? [];
  if (environment === undefined || id === undefined || secret === undefined) return undefined;
  return { environment, id, secret };
}

/**
 * SHA-256, once: the secret is 256 random bits, so that there is nothing to guess that a slow hash
 * would defend, and a fast one can run on every request.
 */
export function hashSecret(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

/** Whether a presented secret is the stored one, in a time that does not depend on where they differ. */
export function isSecretOf(secret: string, secretHash: Uint8Array): boolean {
  const given = hashSecret(secret);
  return secretHash.length === given.length && timingSafeEqual(given, secretHash);
}

/** Whether two texts are equal, in a time that depends on neither's content or length. */
export function isSameText(given: string, expected: string): boolean {
  return timingSafeEqual(hashSecret(given), hashSecret(expected));
}
