import { createHash } from "node:crypto";
import type { IntentKind } from "./submission-intent.ts";

/**
 * The request id that the vault contract remembers for one charge: the first 32 hex characters of
 * SHA-256 over `network passphrase \n kind \n tenant \n id` in UTF-8. The same four give the same
 * marker for ever, on every instance.
 */
export function deriveMarker(
  networkPassphrase: string,
  kind: IntentKind,
  tenantId: string,
  id: string,
): string {
  return createHash("sha256")
    .update([networkPassphrase, kind, tenantId, id].join("\n"), "utf8")
    .digest("hex")
    .slice(0, 32);
}
