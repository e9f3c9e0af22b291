import { beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import type { ApiKeyRepository } from "../api-key/api-key-repository.ts";
import type { TenantRepository } from "../tenant/tenant-repository.ts";
import type { TenantLimitRepository } from "../tenant-limit/tenant-limit-repository.ts";
import type { AdminAct } from "./admin-act.ts";
import type { AdminAuditRepository } from "./admin-audit-repository.ts";

interface AdministeredRepositories {
  readonly audit: AdminAuditRepository;
  readonly tenants: TenantRepository;
  readonly keys: ApiKeyRepository;
  readonly limits: TenantLimitRepository;
}

/** What every adapter of the port must do, with the writes that acts are of. */
export function describeAdminAudit(
  adapter: string,
  make: () => Promise<AdministeredRepositories>,
): void {
  describe(`AdminAuditRepository (${adapter})`, () => {
    const now = new Date("2026-01-01T00:00:00.123Z");
    let made: AdministeredRepositories;
    let place = 0;

    const act = (action: string): AdminAct => {
      place += 1;
      return {
        id: `0190f3c0-0000-7000-8000-${String(place).padStart(12, "0")}`,
        tenantId: "acme",
        action,
        subject: "acme",
        principal: "jwt:grace",
        requestId: "request",
        details: { name: action, scopes: ["admin"] },
        recordedAt: now,
      };
    };
    const secret = { environment: "test", secretHash: new Uint8Array(32) };
    const newKey = () => ({
      ...secret,
      id: uuidv7(),
      name: "k",
      scopes: [],
      expiresAt: undefined,
    });

    beforeEach(async () => {
      made = await make();
    });

    it("keeps the act of each kind of write, newest first, with every field", async () => {
      const { audit, tenants, keys, limits } = made;
      const acts = ["tenant", "key", "roll", "revoke", "limits"].map(act);
      const [tenant, key, roll, revoke, limit] = acts;
      await tenants.create({ id: "acme", name: "Acme" }, now, { act: tenant });
      const { id } = await keys.create("acme", newKey(), now, { act: key });
      const wanted = { ...secret, id: uuidv7(), overlapMs: 60_000 };
      await keys.roll("acme", id, wanted, now, { act: roll });
      await keys.revoke("acme", id, { act: revoke });
      await limits.put("acme", { exports: 1 }, { act: limit });
      expect(await audit.list({ limit: 10 })).toEqual({
        acts: acts.toReversed(),
        hasNext: false,
        total: 5,
      });
    });

    it("keeps nothing of a write that did not come about", async () => {
      const { audit, tenants, keys, limits } = made;
      await tenants.create({ id: "acme", name: "Acme" }, now);
      const write = { act: act("refused") };
      const taken = tenants.create({ id: "acme", name: "Again" }, now, write);
      await expect(taken).rejects.toMatchObject({ code: "tenant_exists" });
      await expect(keys.create("nobody", newKey(), now, write)).rejects.toMatchObject({
        code: "tenant_not_found",
      });
      const roll = keys.roll("acme", "none", { ...secret, id: uuidv7(), overlapMs: 0 }, now, write);
      await expect(roll).rejects.toMatchObject({ code: "api_key_not_found" });
      expect(await keys.revoke("acme", "none", write)).toBeUndefined();
      await expect(limits.put("nobody", {}, write)).rejects.toMatchObject({
        code: "tenant_not_found",
      });
      expect(await audit.list({ limit: 10 })).toEqual({ acts: [], hasNext: false, total: 0 });
    });

    it("keeps one act of a key's revocation, however often it is revoked", async () => {
      const { audit, tenants, keys } = made;
      await tenants.create({ id: "acme", name: "Acme" }, now);
      const { id } = await keys.create("acme", newKey(), now);
      const first = act("revoke");
      await keys.revoke("acme", id, { act: first });
      await keys.revoke("acme", id, { act: act("again") });
      expect((await audit.list({ limit: 10 })).acts).toEqual([first]);
    });

    it("pages back through all, none twice and none lost", async () => {
      const acts = Array.from({ length: 5 }, (_, index) => act(`act ${index}`));
      for (const one of acts) {
        await made.tenants.create({ id: one.action.replace(" ", "-"), name: "n" }, now, {
          act: one,
        });
      }
      const seen: string[] = [];
      let beforeId: string | undefined;
      let hasNext = true;
      while (hasNext) {
        const page = await made.audit.list({ limit: 2, beforeId });
        expect(page.total).toBe(5);
        seen.push(...page.acts.map(({ action }) => action));
        beforeId = page.acts.at(-1)?.id;
        hasNext = page.hasNext;
      }
      expect(seen).toEqual(acts.map(({ action }) => action).toReversed());
    });
  });
}
