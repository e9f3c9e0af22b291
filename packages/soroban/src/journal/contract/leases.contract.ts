import { describe, expect, it } from "vitest";
import { tokenOf } from "../submission-journal.ts";
import {
  leaseOne,
  leaseRequest,
  type MakeJournal,
  newIntent,
  prepareOne,
  readyChannels,
  T0,
} from "./fixtures.ts";

export function describeLeases(make: MakeJournal): void {
  describe("leases", () => {
    it("gives each submission to one worker only, however many ask", async () => {
      const { journal } = await make();
      await journal.insertIntents(Array.from({ length: 20 }, () => newIntent()));
      const rounds = await Promise.all(
        ["a", "b", "c", "d"].map((owner) => journal.leaseDue(leaseRequest({ owner, newLimit: 8 }))),
      );
      const ids = rounds.flat().flatMap((leased) => leased.intentIds);
      expect(new Set(ids).size).toBe(ids.length);
      const rest = await journal.leaseDue(leaseRequest({ newLimit: 99 }));
      expect(ids.length + rest.length).toBe(20);
    });

    it("serves tenants in turn, so that one backlog does not hold back another", async () => {
      const { journal } = await make();
      await journal.insertIntents([
        ...Array.from({ length: 30 }, (_, n) => newIntent({ createdAtMs: T0 - 1_000 + n })),
        newIntent({ tenantId: "beta" }),
        newIntent({ tenantId: "gamma" }),
      ]);
      const first = await journal.leaseDue(leaseRequest({ newLimit: 3 }));
      expect(first.map((leased) => leased.tenantId).sort()).toEqual(["acme", "beta", "gamma"]);
    });

    it("begins the round after the tenant that was served last", async () => {
      const { journal } = await make();
      await journal.insertIntents(
        ["acme", "beta", "gamma"].map((tenantId) => newIntent({ tenantId })),
      );
      const next = await leaseOne(journal, { newLimit: 1, afterTenantId: "acme" });
      expect(next.tenantId).toBe("beta");
    });

    it("hands out the oldest of a tenant first", async () => {
      const { journal } = await make();
      const older = newIntent({ createdAtMs: T0 - 500 });
      await journal.insertIntents([newIntent(), older]);
      expect((await leaseOne(journal, { newLimit: 1 })).intentIds).toEqual([older.intentId]);
    });

    it("lets another worker go on when a lease has run out, and the first do nothing more", async () => {
      const { journal, resolutions } = await make();
      await readyChannels(journal);
      const { prepared } = await prepareOne(journal);
      expect(await journal.leaseDue(leaseRequest({ nowMs: T0 + 29_999 }))).toEqual([]);
      const taken = await leaseOne(journal, { nowMs: T0 + 30_000, owner: "worker-2" });
      expect(taken.attempt).toEqual(prepared.attempt);
      const zombie = tokenOf(prepared);
      const end = { atMs: T0, recordId: zombie.intentIds[0] ?? "" };
      const confirmed = { state: "confirmed", confirmation: { evidence: "marker" } } as const;
      expect(await journal.markSent(zombie, T0)).toBe(false);
      expect(await journal.markDead(zombie, { atMs: T0, ledger: 1 })).toBe(false);
      expect(await journal.resolve(zombie, confirmed, end, { index: 0 })).toBe(false);
      expect(await journal.release(zombie, T0)).toBe(false);
      expect(await journal.reread(zombie)).toBeUndefined();
      expect([...(await journal.renew([zombie], T0 + 90_000))]).toEqual([]);
      expect(resolutions).toEqual([]);
      expect(await journal.markSent(tokenOf(taken), T0)).toBe(true);
    });

    it("keeps a renewed lease", async () => {
      const { journal } = await make();
      await journal.insertIntents([newIntent()]);
      const leased = await leaseOne(journal);
      expect([...(await journal.renew([tokenOf(leased)], T0 + 60_000))]).toEqual([leased.epoch]);
      expect(await journal.leaseDue(leaseRequest({ nowMs: T0 + 59_999 }))).toEqual([]);
      expect(await journal.leaseDue(leaseRequest({ nowMs: T0 + 60_000 }))).toHaveLength(1);
    });

    it("makes a released submission due when it says, and its old token worthless", async () => {
      const { journal } = await make();
      await journal.insertIntents([newIntent()]);
      const leased = await leaseOne(journal);
      expect(await journal.release(tokenOf(leased), T0 + 400)).toBe(true);
      expect(await journal.release(tokenOf(leased), T0)).toBe(false);
      expect(await journal.leaseDue(leaseRequest({ nowMs: T0 + 399 }))).toEqual([]);
      expect(await journal.leaseDue(leaseRequest({ nowMs: T0 + 400 }))).toHaveLength(1);
    });

    it("counts new work and left work by their own limits", async () => {
      const { journal } = await make();
      await readyChannels(journal);
      const { prepared } = await prepareOne(journal);
      await journal.release(tokenOf(prepared), T0);
      await journal.insertIntents([newIntent()]);
      const resumed = await journal.leaseDue(leaseRequest({ newLimit: 0 }));
      expect(resumed.map((leased) => leased.state)).toEqual(["prepared"]);
      const fresh = await journal.leaseDue(leaseRequest({ resumeLimit: 0 }));
      expect(fresh.map((leased) => leased.state)).toEqual(["received"]);
    });
  });
}
