import { ProblemError } from "@orrery/common/contracts/errors";
import { isTenantId } from "@orrery/common/contracts/tenant-id";
import type { Grant } from "../credentials/grant.ts";

/**
 * The tenant that a request acts for: the credential decides, `X-Tenant-ID` only selects among the
 * tenants that it grants.
 * @throws {ProblemError} invalid_tenant_id, tenant_forbidden, tenant_required
 */
export function resolveTenant(
  { tenantIds, defaultTenantId }: Pick<Grant, "tenantIds" | "defaultTenantId">,
  header: string | readonly string[] | undefined,
): string {
  if (header !== undefined) {
    const selected = readTenantHeader(header);
    if (!tenantIds.includes(selected)) {
      throw new ProblemError("tenant_forbidden", "The credential does not grant this tenant.");
    }
    return selected;
  }
  if (defaultTenantId === undefined) {
    throw new ProblemError(
      "tenant_required",
      tenantIds.length === 0
        ? "The credential names no tenant."
        : "The credential grants several tenants: select one with X-Tenant-ID.",
    );
  }
  if (!isTenantId(defaultTenantId)) throw invalidTenantId();
  return defaultTenantId;
}

/** @throws {ProblemError} invalid_tenant_id */
export function readTenantHeader(header: string | readonly string[]): string {
  const tenantId = typeof header === "string" ? header.trim() : "";
  if (!isTenantId(tenantId)) throw invalidTenantId();
  return tenantId;
}

function invalidTenantId(): ProblemError {
  return new ProblemError(
    "invalid_tenant_id",
    "A tenant id is 1–64 letters, digits, hyphens and underscores.",
  );
}
