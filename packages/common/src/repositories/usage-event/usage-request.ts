import {
  bigintArray,
  byteaArray,
  textArray,
  timestampArray,
  uuidArray,
} from "../calls/binary-array.ts";
import type { NewUsageEvent } from "./usage-event.ts";

/** One request for a paid call, of whichever tenant. */
export interface UsageRequest {
  readonly tenantId: string;
  readonly event: NewUsageEvent;
  /** See `deriveMarker`; the request's own intent has it, when it gets one. */
  readonly marker?: string;
}

/** What makes two requests the same. */
export function requestKey({ tenantId, event }: UsageRequest): string {
  return keyText(tenantId, event.requestId);
}

/** Requests of one payer lock the same vault. */
export function payerKey({ tenantId, event }: UsageRequest): string {
  return keyText(tenantId, event.userId);
}

/** Tenant ids hold no line break. */
export function keyText(tenantId: string, name: string): string {
  return `${tenantId}\n${name}`;
}

/** The tenants of a batch, as row-level security is told of them. */
export function tenantsOf(requests: readonly UsageRequest[]): string {
  return [...new Set(requests.map(({ tenantId }) => tenantId))].join(",");
}

/**
 * The requests as the first parameters of the functions which take them: tenants, present (RFC 3339;
 * null: the database's own clock), then an array for each field.
 */
export function requestParameters(
  requests: readonly UsageRequest[],
  now: string | null,
): unknown[] {
  const events = requests.map(({ event }) => event);
  return [
    tenantsOf(requests),
    now,
    textArray(requests.map(({ tenantId }) => tenantId)),
    textArray(events.map(({ requestId }) => requestId)),
    uuidArray(events.map(({ id }) => id)),
    byteaArray(events.map(({ fingerprint }) => fingerprint)),
    textArray(events.map(({ userId }) => userId)),
    textArray(events.map(({ apiId }) => apiId)),
    textArray(events.map(({ endpointId }) => endpointId)),
    textArray(events.map(({ apiKeyId }) => apiKeyId)),
    bigintArray(events.map(({ amountStroops }) => amountStroops)),
    timestampArray(events.map(({ createdAt }) => createdAt)),
  ];
}
