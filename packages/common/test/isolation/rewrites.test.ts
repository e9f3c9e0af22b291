import { describe, expect, it } from "vitest";
import { forAnotherTenant, removeTenantFilter, withoutRole } from "./rewrites.ts";

describe("the rewriting of statements", () => {
  it.each([
    ['where "tenant_id" = $1 and "id" = $2', 'where $1::text is not null and "id" = $2'],
    ["where s.tenant_id = $1::text", "where $1::text::text is not null"],
    ["on vaults.tenant_id = given.tenant_id and true", "on true and true"],
    ["where tenant_id = any ($1::text[])", "where $1::text[] is not null"],
    [
      "where (tenant_id, vault_id) in (select * from unnest($1::text[], $2::text[])) for update",
      "where exists (select from (select * from unnest($1::text[], $2::text[])) as given (its_tenant, its_key) where its_key = vault_id) for update",
    ],
  ])("removes the tenant from %j", (text, rest) => {
    expect(removeTenantFilter(text)).toBe(rest);
  });

  it.each(['insert into t ("tenant_id") values ($1)', "order by tenant_id, id", "tenant_id = 'a'"])(
    "leaves %j",
    (text) => expect(removeTenantFilter(text)).toBe(text),
  );

  it("takes away the role and nothing else", () => {
    expect(withoutRole("begin; set local role orrery_request;set local orrery.tenants = 'a'")).toBe(
      "begin; set local orrery.no_role = '';set local orrery.tenants = 'a'",
    );
    expect(withoutRole("select set_config('role', $1, true)")).toBe(
      "select set_config('orrery.no_role', $1, true)",
    );
  });

  it("names another tenant", () => {
    expect(forAnotherTenant("set local orrery.tenants = 'acme'")).toBe(
      "set local orrery.tenants = 'nobody'",
    );
    expect(forAnotherTenant("set_config('orrery.tenants', $2, true)")).toBe(
      "set_config('orrery.tenants', 'nobody' || left($2, 0), true)",
    );
  });
});
