import { describe, expect, it } from "vitest";
import { tokenOf } from "../submission-journal.ts";
import {
  leaseChannel,
  leaseOne,
  type MakeJournal,
  newAttempt,
  newIntent,
  readyChannels,
  T0,
} from "./fixtures.ts";

export function describeChannels(make: MakeJournal): void {
  describe("channels", () => {
    it("stay as they are when another instance makes them again", async () => {
      const { journal } = await make();
      await readyChannels(journal, 2);
      await journal.ensureChannels([{ index: 0, publicKey: "GCHANNEL0" }]);
      expect(await journal.listChannels()).toEqual([
        { index: 0, publicKey: "GCHANNEL0", state: "ready" },
        { index: 1, publicKey: "GCHANNEL1", state: "ready" },
      ]);
    });

    it("refuse another public key under a known index", async () => {
      const { journal } = await make();
      await readyChannels(journal);
      await expect(journal.ensureChannels([{ index: 0, publicKey: "GOTHER" }])).rejects.toThrow(
        "master secret",
      );
    });

    it("are leased to one worker each, and not before they exist on chain", async () => {
      const { journal } = await make();
      await readyChannels(journal, 3);
      await journal.ensureChannels([{ index: 3, publicKey: "GCHANNEL3" }]);
      const request = { count: 99, nowMs: T0, leaseUntilMs: T0 + 1_000 };
      const leases = await Promise.all([1, 2, 3, 4].map(() => journal.leaseChannel(request)));
      const indexes = leases.flatMap((lease) => lease?.index ?? []);
      expect(new Set(indexes)).toEqual(new Set([0, 1, 2]));
      expect(indexes).toHaveLength(3);
    });

    it("beyond the configured count rest", async () => {
      const { journal } = await make();
      await readyChannels(journal, 2);
      const request = { count: 1, nowMs: T0, leaseUntilMs: T0 + 1_000 };
      expect((await journal.leaseChannel(request))?.index).toBe(0);
      expect(await journal.leaseChannel(request)).toBeUndefined();
    });

    it("whose lease ran out go to the next, and the first can no longer bind them", async () => {
      const { journal } = await make();
      await readyChannels(journal);
      await journal.insertIntents([newIntent()]);
      const submission = await leaseOne(journal);
      const first = await leaseChannel(journal);
      const second = await leaseChannel(journal, T0 + 10_000);
      expect(second.index).toBe(first.index);
      expect(await journal.prepare(tokenOf(submission), newAttempt(), first)).toBe(false);
      expect(await journal.releaseChannel(first, { index: 0, nextSequence: 7n })).toBe(false);
      expect(await journal.markChannelAbsent(first)).toBe(false);
      expect((await journal.reread(tokenOf(submission)))?.state).toBe("received");
      expect(await journal.prepare(tokenOf(submission), newAttempt(), second)).toBe(true);
    });

    it("forget their sequence when told so, and never go back in their ledger", async () => {
      const { journal } = await make();
      await readyChannels(journal);
      const first = await leaseChannel(journal);
      expect(first.nextSequence).toBeUndefined();
      await journal.releaseChannel(first, { index: 0, nextSequence: 8n, resolvedLedger: 50 });
      const second = await leaseChannel(journal);
      expect(second).toMatchObject({ nextSequence: 8n, lastResolvedLedger: 50 });
      await journal.releaseChannel(second, { index: 0, resolvedLedger: 40 });
      const third = await leaseChannel(journal);
      expect(third.nextSequence).toBeUndefined();
      expect(third.lastResolvedLedger).toBe(50);
    });

    it("in quarantine are not used until it ends", async () => {
      const { journal } = await make();
      await readyChannels(journal);
      const lease = await leaseChannel(journal);
      const quarantine = { untilMs: T0 + 5_000, reason: "used by somebody else" };
      await journal.releaseChannel(lease, { index: 0, quarantine });
      const request = { count: 1, nowMs: T0 + 4_999, leaseUntilMs: T0 + 9_000 };
      expect(await journal.leaseChannel(request)).toBeUndefined();
      expect(await journal.leaseChannel({ ...request, nowMs: T0 + 5_000 })).toBeDefined();
    });

    it("can be put aside while nobody uses them, and keep their sequence", async () => {
      const { journal } = await make();
      await readyChannels(journal);
      const lease = await leaseChannel(journal);
      const aside = { untilMs: T0 + 5_000, reason: "low balance" };
      expect(await journal.quarantineChannel(0, aside)).toBe(false);
      await journal.releaseChannel(lease, { index: 0, nextSequence: 8n });
      expect(await journal.quarantineChannel(0, aside)).toBe(true);
      const request = { count: 1, nowMs: T0 + 4_999, leaseUntilMs: T0 + 9_000 };
      expect(await journal.leaseChannel(request)).toBeUndefined();
      expect((await journal.leaseChannel({ ...request, nowMs: T0 + 5_000 }))?.nextSequence).toBe(
        8n,
      );
    });

    it("that turn out to be missing on chain are made again before use", async () => {
      const { journal } = await make();
      await readyChannels(journal);
      expect(await journal.markChannelAbsent(await leaseChannel(journal))).toBe(true);
      expect((await journal.counts()).channels).toMatchObject({ absent: 1, leased: 0 });
    });
  });
}
