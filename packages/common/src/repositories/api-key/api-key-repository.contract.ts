import { beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import type { TenantRepository } from "../tenant/tenant-repository.ts";
import {
  type ApiKeyRepository,
  LAST_USED_RESOLUTION_MS,
  type NewApiKey,
  REVOCATION_OVERLAP_MS,
  type Roll,
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

    const roll = (overlapMs: number): Roll => ({
      id: uuidv7(),
      environment: "live",
      secretHash: new Uint8Array(32).fill(8),
      overlapMs,
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
      const unused = { revokedAt: undefined, lastUsedAt: undefined, successorId: undefined };
      expect(created).toEqual({ ...key, ...unused, tenantId: "acme", createdAt: now });
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

    it("rolls a key: the same name and scopes, another secret, and the old one ends", async () => {
      const old = await keys.create("acme", newKey(), now);
      const rolled = await keys.roll("acme", old.id, roll(3_600_000), now);
      expect(rolled.successor).toMatchObject({
        tenantId: "acme",
        name: old.name,
        scopes: old.scopes,
        environment: "live",
        secretHash: new Uint8Array(32).fill(8),
        createdAt: now,
        expiresAt: undefined,
        successorId: undefined,
      });
      expect(rolled.predecessor).toEqual({
        ...old,
        expiresAt: new Date(now.getTime() + 3_600_000),
        successorId: rolled.successor.id,
      });
      expect(await keys.findById(old.id)).toEqual(rolled.predecessor);
      expect(await keys.findById(rolled.successor.id)).toEqual(rolled.successor);
    });

    it("revokes the old key with the roll when they do not overlap", async () => {
      const { id } = await keys.create("acme", newKey(), now);
      const before = await keys.listRevoked();
      const { predecessor } = await keys.roll("acme", id, roll(0), now);
      expect(predecessor.revokedAt).toBeInstanceOf(Date);
      const { keyIds, rolledIds } = await keys.listRevoked(before.asOf);
      expect([keyIds, rolledIds]).toEqual([[id], [id]]);
    });

    it("tells who read before it of a roll, which is no revocation", async () => {
      const { id } = await keys.create("acme", newKey(), now);
      const before = await keys.listRevoked();
      expect(before.rolledIds).toEqual([]);
      await keys.roll("acme", id, roll(60_000), now);
      const after = await keys.listRevoked(before.asOf);
      expect([after.keyIds, after.rolledIds]).toEqual([[], [id]]);
      const muchLater = new Date(after.asOf.getTime() + REVOCATION_OVERLAP_MS + 60_000);
      expect((await keys.listRevoked(muchLater)).rolledIds).toEqual([]);
    });

    it("never lets a rolled key live longer, and its successor as long as it lived", async () => {
      const expiresAt = new Date(now.getTime() + 1_000);
      const { id } = await keys.create("acme", newKey({ expiresAt }), now);
      const later = new Date(now.getTime() + 400);
      const rolled = await keys.roll("acme", id, roll(3_600_000), later);
      expect(rolled.predecessor.expiresAt).toEqual(expiresAt);
      expect(rolled.successor.expiresAt).toEqual(new Date(later.getTime() + 1_000));
    });

    it("ends the successor when it was asked for", async () => {
      const { id } = await keys.create("acme", newKey(), now);
      const expiresAt = new Date("2028-01-01T00:00:00.000Z");
      const rolled = await keys.roll("acme", id, { ...roll(60_000), expiresAt }, now);
      expect(rolled.successor.expiresAt).toEqual(expiresAt);
    });

    it("makes one successor for all who race to roll a key", async () => {
      const { id } = await keys.create("acme", newKey(), now);
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () => keys.roll("acme", id, roll(60_000), now)),
      );
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect((await keys.list("acme", { limit: 10 })).total).toBe(2);
    });

    it("rolls no key that is revoked, expired, rolled, another's or not there", async () => {
      const revoked = await keys.create("acme", newKey(), now);
      await keys.revoke("acme", revoked.id);
      const expired = await keys.create("acme", newKey({ expiresAt: now }), now);
      const rolled = await keys.create("acme", newKey(), now);
      await keys.roll("acme", rolled.id, roll(60_000), now);
      for (const { id } of [revoked, expired, rolled]) {
        await expect(keys.roll("acme", id, roll(60_000), now)).rejects.toMatchObject({
          code: "api_key_inactive",
        });
      }
      const others = await keys.create("globex", newKey(), now);
      for (const id of [others.id, uuidv7()]) {
        await expect(keys.roll("acme", id, roll(60_000), now)).rejects.toMatchObject({
          code: "api_key_not_found",
        });
      }
      expect((await keys.list("acme", { limit: 10 })).total).toBe(4);
    });

    it("keeps when keys were used last, and takes no notice of what is no news", async () => {
      const one = await keys.create("acme", newKey(), now);
      const other = await keys.create("globex", newKey(), now);
      const soon = new Date(now.getTime() + LAST_USED_RESOLUTION_MS - 1);
      const later = new Date(now.getTime() + LAST_USED_RESOLUTION_MS);
      const usedAt = async () =>
        (await Promise.all([one, other].map(({ id }) => keys.findById(id)))).map(
          (key) => key?.lastUsedAt,
        );
      await keys.noteUsed([
        { keyId: one.id, at: now },
        { keyId: other.id, at: now },
        { keyId: uuidv7(), at: now },
      ]);
      expect(await usedAt()).toEqual([now, now]);
      await keys.noteUsed([
        { keyId: one.id, at: soon },
        { keyId: other.id, at: later },
      ]);
      expect(await usedAt()).toEqual([now, later]);
      await keys.noteUsed([{ keyId: other.id, at: now }]);
      expect(await usedAt()).toEqual([now, later]);
    });
  });
}
