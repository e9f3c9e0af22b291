import { beforeEach, describe, expect, it } from "vitest";
import type { TenantRepository } from "./tenant-repository.ts";

/** What every adapter of the port must do. */
export function describeTenantRepository(
  adapter: string,
  make: () => Promise<TenantRepository>,
): void {
  describe(`TenantRepository (${adapter})`, () => {
    let tenants: TenantRepository;
    const now = new Date("2026-01-01T00:00:00.123Z");

    beforeEach(async () => {
      tenants = await make();
    });

    it("finds what was created", async () => {
      const created = await tenants.create({ id: "acme", name: "Acme Ltd" }, now);
      expect(created).toEqual({ id: "acme", name: "Acme Ltd", createdAt: now });
      expect(await tenants.find("acme")).toEqual(created);
      expect(await tenants.find("globex")).toBeUndefined();
    });

    it("refuses a taken id and keeps the first", async () => {
      await tenants.create({ id: "acme", name: "first" }, now);
      await expect(tenants.create({ id: "acme", name: "second" }, now)).rejects.toMatchObject({
        code: "tenant_exists",
      });
      expect((await tenants.find("acme"))?.name).toBe("first");
    });

    it("gives one id to one of many who race for it", async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) =>
          tenants.create({ id: "acme", name: `racer ${index}` }, now),
        ),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    });

    it("keeps ids apart that differ in case alone", async () => {
      await tenants.create({ id: "acme", name: "lower" }, now);
      await tenants.create({ id: "ACME", name: "upper" }, now);
      expect((await tenants.find("ACME"))?.name).toBe("upper");
    });

    it("pages through all by id, byte by byte, none twice and none lost", async () => {
      for (const id of ["b", "B", "a-1", "a_1", "a1"]) await tenants.create({ id, name: id }, now);
      const seen: string[] = [];
      let afterId: string | undefined;
      let hasNext = true;
      while (hasNext) {
        const page = await tenants.list({ limit: 2, afterId });
        expect(page.total).toBe(5);
        seen.push(...page.tenants.map(({ id }) => id));
        afterId = seen.at(-1);
        hasNext = page.hasNext;
      }
      expect(seen).toEqual(["B", "a-1", "a1", "a_1", "b"]);
    });

    it("says that there is no next page when the last is full", async () => {
      await tenants.create({ id: "a", name: "a" }, now);
      await tenants.create({ id: "b", name: "b" }, now);
      expect(await tenants.list({ limit: 2 })).toMatchObject({ hasNext: false, total: 2 });
    });
  });
}
