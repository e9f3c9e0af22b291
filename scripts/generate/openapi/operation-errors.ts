import type { ErrorCode } from "../../../packages/common/src/contracts/errors.ts";
import {
  OPERATIONS,
  type Operation,
  SIGNED_LINK,
} from "../../../packages/common/src/contracts/operations.ts";
import type { OperationReference } from "../../../packages/common/src/contracts/reference/operation-reference.ts";
import { limitGroupOf } from "../../../services/gateway/src/limits/limit.ts";
import type { CollectedRoute } from "./collect-routes.ts";
import type { Schema } from "./schema-components.ts";

/** Every code that an operation can be answered with: its own, and those of how it is called. */
export function errorsOf(
  operation: Operation,
  route: CollectedRoute,
  reference: OperationReference,
): Set<ErrorCode> {
  return new Set<ErrorCode>([
    "invalid_request",
    "internal_error",
    ...(reference.errors ?? []),
    ...credentialErrors(operation),
    ...(limitGroupOf(operation) === undefined ? [] : (["rate_limited"] as const)),
    ...upstreamErrors(operation),
    ...(hasParameter(route.params) ? (["uri_too_long"] as const) : []),
    ...bodyErrors(operation, route),
    ...idempotencyErrors(operation, route),
    ...(properties(route.querystring)["cursor"] === undefined ? [] : (["invalid_cursor"] as const)),
    ...(reference.kind === "file" ? (["range_not_satisfiable"] as const) : []),
  ]);
}

function credentialErrors({ scope }: Operation): ErrorCode[] {
  if (scope === SIGNED_LINK) return [];
  // A gateway that cannot learn of revocations believes no key.
  const any: ErrorCode[] = [
    "unauthenticated",
    "insufficient_scope",
    "rate_limited",
    "service_unavailable",
  ];
  if (scope === "admin") return any;
  return [...any, "tenant_required", "invalid_tenant_id", "tenant_forbidden"];
}

function upstreamErrors(operation: Operation): ErrorCode[] {
  if (operation.service === "gateway") return [];
  const away =
    operation.path === OPERATIONS.deduct.path ? "billing_unavailable" : "service_unavailable";
  return [away, "bad_gateway", "gateway_timeout"];
}

function bodyErrors(operation: Operation, { body }: CollectedRoute): ErrorCode[] {
  if (operation.maxBodyBytes !== undefined) {
    return ["request_timeout", "payload_too_large", "unsupported_media_type"];
  }
  if (body === undefined) return [];
  return ["request_timeout", "malformed_json", "payload_too_large", "unsupported_media_type"];
}

function idempotencyErrors({ method }: Operation, { idempotency }: CollectedRoute): ErrorCode[] {
  if (method !== "POST") return [];
  if (idempotency.effect === "detect") return ["idempotency_key_reused"];
  return [
    ...(idempotency.isRequired === true ? (["idempotency_key_required"] as const) : []),
    "idempotency_key_reused",
    "idempotency_in_progress",
  ];
}

export function properties(schema: Schema | undefined): Readonly<Record<string, Schema>> {
  return (schema?.["properties"] ?? {}) as Readonly<Record<string, Schema>>;
}

function hasParameter(params: Schema | undefined): boolean {
  return Object.keys(properties(params)).length > 0;
}
