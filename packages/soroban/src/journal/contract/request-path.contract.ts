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

export function describeRequestPath(make: MakeJournal): void {
  describe("accepting", () => {
    it("gives back what was stored, to the stroop and the millisecond", async () => {
      const { journal } = await make();
      const intent = newIntent({ amountStroops: 9_223_372_036_854_775_807n, createdAtMs: T0 + 7 });
      await journal.insertIntents([intent]);
      expect(await journal.findIntent("acme", intent.intentId)).toEqual({
        intent,
        state: "received",
        attempts: [],
      });
    });

    it("leaves an intent that is there already as it is", async () => {
      const { journal } = await make();
      const intent = newIntent();
      await journal.insertIntents([intent]);
      await journal.insertIntents([{ ...intent, amountStroops: 1n }, newIntent()]);
      const found = await journal.findIntent("acme", intent.intentId);
      expect(found?.intent.amountStroops).toBe(15_000_000n);
      expect((await journal.counts()).pending.received).toBe(2);
    });

    it("refuses the same charge under another intent", async () => {
      const { journal } = await make();
      const intent = newIntent();
      await journal.insertIntents([intent]);
      const double = newIntent({ marker: intent.marker });
      await expect(journal.insertIntents([double])).rejects.toThrow("marker");
      expect(await journal.findIntent("acme", double.intentId)).toBeUndefined();
    });

    it("shows an intent to its own tenant alone", async () => {
      const { journal } = await make();
      const intent = newIntent();
      await journal.insertIntents([intent]);
      expect(await journal.findIntent("beta", intent.intentId)).toBeUndefined();
      expect(await journal.rearm("beta", intent.intentId, T0)).toBe(false);
    });
  });

  describe("re-arming", () => {
    it("takes a refused intent back to received, once, with its history kept", async () => {
      const { journal } = await make();
      const intent = newIntent();
      await journal.insertIntents([intent]);
      const leased = await leaseOne(journal);
      await journal.resolve(
        tokenOf(leased),
        { state: "refused", failure: { reason: "insufficient_balance", contractError: 5 } },
        { atMs: T0 + 100, recordId: intent.intentId },
      );
      const answers = await Promise.all([
        journal.rearm("acme", intent.intentId, T0 + 60_000),
        journal.rearm("acme", intent.intentId, T0 + 60_000),
      ]);
      expect(answers.filter(Boolean)).toHaveLength(1);
      const found = await journal.findIntent("acme", intent.intentId);
      expect(found?.state).toBe("received");
      expect(found?.resolution).toBeUndefined();
      expect(found?.attempts).toMatchObject([
        { state: "refused", failure: { reason: "insufficient_balance", contractError: 5 } },
      ]);
      const again = await leaseOne(journal, { nowMs: T0 + 60_000 });
      expect(again).toMatchObject({
        attemptId: null,
        intents: [{ retryCount: 0, armedAtMs: T0 + 60_000 }],
      });
    });

    it("holds back a retry that comes right after the failure", async () => {
      const { journal } = await make();
      const intent = newIntent();
      await journal.insertIntents([intent]);
      const leased = await leaseOne(journal);
      await journal.resolve(
        tokenOf(leased),
        { state: "refused", failure: { reason: "insufficient_balance" } },
        { atMs: T0 + 100, recordId: intent.intentId },
      );
      await journal.rearm("acme", intent.intentId, T0 + 101);
      expect(await journal.leaseDue(leaseRequest({ nowMs: T0 + 101 }))).toEqual([]);
      expect(await journal.leaseDue(leaseRequest({ nowMs: T0 + 350 }))).toHaveLength(1);
    });

    it("refuses whatever is on its way, confirmed or unknown", async () => {
      const { journal } = await make();
      await readyChannels(journal);
      const { intent, prepared } = await prepareOne(journal);
      expect(await journal.rearm("acme", intent.intentId, T0)).toBe(false);
      await journal.resolve(
        tokenOf(prepared),
        { state: "unknown", failure: { reason: "undecided" } },
        { atMs: T0, recordId: intent.intentId },
      );
      expect(await journal.rearm("acme", intent.intentId, T0)).toBe(false);
      expect(await journal.counts()).toMatchObject({ unknown: 1 });
    });
  });
}
