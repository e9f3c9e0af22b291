import { describe, expect, it } from "vitest";
import { resolveTenant } from "./tenant-resolution.ts";

const one = { tenantIds: ["acme"], defaultTenantId: "acme" };
const several = { tenantIds: ["acme", "globex"], defaultTenantId: undefined };
const none = { tenantIds: [], defaultTenantId: undefined };
const malformed = { tenantIds: ["no spaces"], defaultTenantId: "no spaces" };

describe("resolveTenant", () => {
  it.each([
    ["the credential's own", one, undefined, "acme"],
    ["the credential's own when it is selected", one, "acme", "acme"],
    ["the selected one after trimming", several, "  globex ", "globex"],
  ] as const)("gives %s", (_what, grant, header, tenantId) => {
    expect(resolveTenant(grant, header)).toBe(tenantId);
  });

  it.each([
    ["another tenant", one, "globex", "tenant_forbidden"],
    ["a tenant that differs in case", one, "ACME", "tenant_forbidden"],
    ["any tenant for a credential without one", none, "acme", "tenant_forbidden"],
    ["an empty selection", one, "", "invalid_tenant_id"],
    ["a selection of blanks", one, "   ", "invalid_tenant_id"],
    ["two selections", several, "acme, globex", "invalid_tenant_id"],
    ["a selection of 65 characters", one, "a".repeat(65), "invalid_tenant_id"],
    ["a selection with a path in it", one, "../acme", "invalid_tenant_id"],
    ["no selection among several", several, undefined, "tenant_required"],
    ["no tenant at all", none, undefined, "tenant_required"],
    ["a malformed tenant in the credential", malformed, undefined, "invalid_tenant_id"],
  ] as const)("refuses %s", (_what, grant, header, code) => {
    expect(() => resolveTenant(grant, header)).toThrow(expect.objectContaining({ code }));
  });
});
