import { createHash } from "node:crypto";
import { MAX_WAIT_SECONDS } from "@orrery/common/contracts/operations";

/** One paid call, as the consumer states it. */
export interface DeductionRequest {
  readonly requestId: string;
  readonly userId: string;
  readonly apiId: string;
  readonly endpointId: string;
  readonly apiKeyId: string;
  /** 1 … 2^63−1. */
  readonly amountStroops: bigint;
}

/** How long a deduction waits for the chain unless the caller says otherwise. */
const DEFAULT_WAIT_SECONDS = 15;

/**
 * SHA-256 over the canonical fields, requestId aside: equal for the same request however its amount
 * was written, so that a requestId that is used for another call is noticed.
 */
export function fingerprintOf(request: DeductionRequest): Uint8Array {
  const { userId, apiId, endpointId, apiKeyId, amountStroops } = request;
  const canonical = JSON.stringify([userId, apiId, endpointId, apiKeyId, amountStroops.toString()]);
  return createHash("sha256").update(canonical).digest();
}

export interface WaitPreference {
  readonly waitMs: number;
  /** For `Preference-Applied`; undefined when the caller preferred nothing that we know. */
  readonly applied?: string;
}

/**
 * How long the caller wants to wait: `Prefer: wait=N` (seconds, 30 at most) or `respond-async`;
 * other preferences are ignored, as the RFC wants.
 * @see RFC 7240
 */
export function waitPreferenceOf(prefer: string | string[] | undefined): WaitPreference {
  const preferences = String(prefer ?? "")
    .split(",")
    .map((part) => part.trim().toLowerCase());
  if (preferences.includes("respond-async")) return { waitMs: 0, applied: "respond-async" };
  for (const preference of preferences) {
    const seconds = /^wait\s*=\s*"?(\d{1,6})"?$/.exec(preference)?.[1];
    if (seconds === undefined) continue;
    const bounded = Math.min(Number(seconds), MAX_WAIT_SECONDS);
    return { waitMs: bounded * 1_000, applied: `wait=${bounded}` };
  }
  return { waitMs: DEFAULT_WAIT_SECONDS * 1_000 };
}
