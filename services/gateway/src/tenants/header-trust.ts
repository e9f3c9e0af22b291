import { isIP } from "node:net";
import { SCOPES } from "@orrery/common/contracts/scope";
import type { Grant } from "../credentials/grant.ts";
import { readTenantHeader } from "./tenant-resolution.ts";

/**
 * What a bare `X-Tenant-ID` allows under `TENANT_HEADER_TRUST`: everything of that tenant, and no
 * administration.
 * @throws {ProblemError} invalid_tenant_id
 */
export function grantOfTrustedHeader(header: string | readonly string[] | undefined): Grant {
  const tenantId = header === undefined ? undefined : readTenantHeader(header);
  return {
    principal: "service:trusted-header",
    tenantIds: tenantId === undefined ? [] : [tenantId],
    defaultTenantId: tenantId,
    scopes: SCOPES.filter((scope) => scope !== "admin"),
  };
}

/** Whether only this machine can reach a listener on `host`. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  return isIP(host) === 4 && host.startsWith("127.");
}
