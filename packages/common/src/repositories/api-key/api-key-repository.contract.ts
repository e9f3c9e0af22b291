import { beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import type { TenantRepository } from "../tenant/tenant-repository.ts";
import {
  type ApiKeyRepository,
  type NewApiKey,
  REVOCATION_OVERLAP_MS,
} from "./api-key-repository.ts";

/** What every adapter of the port must do. */
export function describeApiKeyRepository(
  adapter: string,
  make: () => Promise<{ keys: ApiKeyRepository; tenants: TenantRepository }>,
): void {
  describe(`ApiKeyRepository (${adapter})`, () => {
    let keys: ApiKeyRepository;
    const now = new Date("2026-01-01T00:00:00.123Z");
    const newKey = (changes: Partial<NewApiKey> = {}): NewApiKey => ({
      id: uuidv7(),
      name: "server",
      environment: "test",
      secretHash: new Uint8Array(32).fill(7),
      scopes: ["billing:write", "catalog:read"],
      expiresAt: undefined,
      ...changes,
    });

    beforeEach(async () => {
      const made = await make();
      keys = made.keys;
      await made.tenants.create({ id: "acme", name: "Acme" }, now);
      await made.tenants.create({ id: "globex", name: "Globex" }, now);
    });

    it("finds what was created, with every field", async () => {
      const key = newKey({ expiresAt: new Date("2027-01-01T00:00:00.456Z") });
      const created = await keys.create("acme", key, now);
      expect(created).toEqual({ ...key, tenantId: "acme", createdAt: now, revokedAt: undefined });
      expect(await keys.findById(key.id)).toEqual(created);
      expect(await keys.findById(uuidv7())).toBeUndefined();
    });

    it("refuses a key for a tenant that is not there", async () => {
      await expect(keys.create("nobody", newKey(), now)).rejects.toMatchObject({
        code: "tenant_not_found",
      });
    });

    it("never gives one id to two keys", async () => {
      const key = newKey();
      await keys.create("acme", key, now);
      await expect(keys.create("globex", key, now)).rejects.toBeInstanceOf(Error);
      expect((await keys.findById(key.id))?.tenantId).toBe("acme");
    });

    it("lists one tenant's keys alone, revoked ones too, page by page", async () => {
      const ids = ["1", "2", "3"].map((end) => `0190f3c0-0000-7000-8000-00000000000${end}`);
      for (const id of ids) await keys.create("acme", newKey({ id }), now);
      await keys.create("globex", newKey(), now);
      await keys.revoke("acme", ids[1] ?? "");
      const first = await keys.list("acme", { limit: 2 });
      expect(first).toMatchObject({ hasNext: true, total: 3 });
      expect(first.keys.map(({ id }) => id)).toEqual(ids.slice(0, 2));
      const second = await keys.list("acme", { limit: 2, afterId: ids[1] });
      expect(second).toMatchObject({ hasNext: false, total: 3 });
      expect(second.keys.map(({ id }) => id)).toEqual(ids.slice(2));
    });

    it("revokes once: again leaves the first time as it is", async () => {
      const { id } = await keys.create("acme", newKey(), now);
      const revoked = await keys.revoke("acme", id);
      expect(revoked?.revokedAt).toBeInstanceOf(Date);
      expect(await keys.revoke("acme", id)).toEqual(revoked);
      expect(await keys.findById(id)).toEqual(revoked);
    });

    it("lets no tenant revoke another's key", async () => {
      const { id } = await keys.create("acme", newKey(), now);
      expect(await keys.revoke("globex", id)).toBeUndefined();
      expect((await keys.findById(id))?.revokedAt).toBeUndefined();
    });

    it("tells of a revocation to whoever read before it, and for some seconds again", async () => {
      const { id } = await keys.create("acme", newKey(), now);
      const before = await keys.listRevoked();
      expect(before.keyIds).toEqual([]);
      await keys.revoke("acme", id);
      const after = await keys.listRevoked(before.asOf);
      expect(after.keyIds).toEqual([id]);
      expect(after.asOf.getTime()).toBeGreaterThanOrEqual(before.asOf.getTime());
      expect((await keys.listRevoked(after.asOf)).keyIds).toEqual([id]);
      const muchLater = new Date(after.asOf.getTime() + REVOCATION_OVERLAP_MS + 1_000);
      expect((await keys.listRevoked(muchLater)).keyIds).toEqual([]);
    });
  });
}
