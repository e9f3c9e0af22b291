import { beforeEach, describe, expect, it } from "vitest";
import type { TenantRepository } from "../tenant/tenant-repository.ts";
import { CHANGE_OVERLAP_MS, type TenantLimitRepository } from "./tenant-limit-repository.ts";

/** What every adapter of the port must do. */
export function describeTenantLimitRepository(
  adapter: string,
  make: () => Promise<{ limits: TenantLimitRepository; tenants: TenantRepository }>,
): void {
  describe(`TenantLimitRepository (${adapter})`, () => {
    let limits: TenantLimitRepository;

    beforeEach(async () => {
      const made = await make();
      limits = made.limits;
      const now = new Date("2026-01-01T00:00:00.000Z");
      await made.tenants.create({ id: "acme", name: "Acme" }, now);
      await made.tenants.create({ id: "globex", name: "Globex" }, now);
    });

    it("finds what was put, and nothing of another tenant", async () => {
      const put = await limits.put("acme", { "billing-write": 12_000, exports: 1 });
      expect(put).toMatchObject({
        tenantId: "acme",
        perMinute: { "billing-write": 12_000, exports: 1 },
      });
      expect(put.updatedAt).toBeInstanceOf(Date);
      expect(await limits.find("acme")).toEqual(put);
      expect(await limits.find("globex")).toBeUndefined();
    });

    it("replaces all that was there", async () => {
      await limits.put("acme", { "billing-write": 12_000, exports: 1 });
      await limits.put("acme", { "catalog-read": 7 });
      expect((await limits.find("acme"))?.perMinute).toEqual({ "catalog-read": 7 });
    });

    it("refuses limits of a tenant that is not there", async () => {
      await expect(limits.put("nobody", { exports: 1 })).rejects.toMatchObject({
        code: "tenant_not_found",
      });
    });

    it("tells of a change to whoever read before it, and for some seconds again", async () => {
      const before = await limits.listChanged();
      expect(before.changed).toEqual([]);
      const put = await limits.put("acme", { exports: 1 });
      const after = await limits.listChanged(before.asOf);
      expect(after.changed).toEqual([put]);
      expect(after.asOf.getTime()).toBeGreaterThanOrEqual(before.asOf.getTime());
      const emptied = await limits.put("acme", {});
      expect((await limits.listChanged(after.asOf)).changed).toEqual([emptied]);
      const muchLater = new Date(after.asOf.getTime() + CHANGE_OVERLAP_MS + 60_000);
      expect((await limits.listChanged(muchLater)).changed).toEqual([]);
    });
  });
}
