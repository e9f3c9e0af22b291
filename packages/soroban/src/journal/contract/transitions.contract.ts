import { describe, expect, it } from "vitest";
import { tokenOf } from "../submission-journal.ts";
import {
  type JournalUnderTest,
  leaseChannel,
  leaseOne,
  leaseRequest,
  type MakeJournal,
  newAttempt,
  newIntent,
  prepareOne,
  readyChannels,
  T0,
} from "./fixtures.ts";

/** The submission as it stands now, under the same lease. */
async function now({ journal }: JournalUnderTest, token: Parameters<typeof tokenOf>[0]) {
  const leased = await journal.reread(tokenOf(token));
  if (leased === undefined) throw new Error("lease lost");
  return leased;
}

export function describeTransitions(make: MakeJournal): void {
  describe("transitions", () => {
    it("stores the whole attempt before it may be sent", async () => {
      const { journal } = await make();
      await readyChannels(journal);
      const { prepared, attempt } = await prepareOne(journal);
      expect(prepared).toMatchObject({ state: "prepared", attemptId: attempt.attemptId });
      expect(prepared.attempt).toEqual({ ...attempt, state: "prepared" });
    });

    it("moves only from the state and attempt that the worker saw", async () => {
      const under = await make();
      await readyChannels(under.journal);
      const { received, prepared, attempt } = await prepareOne(under.journal);
      const channel = { index: 0 };
      expect(await under.journal.prepare(tokenOf(received), newAttempt(), "bound")).toBe(false);
      expect(await under.journal.prepare(tokenOf(prepared), newAttempt(), "bound")).toBe(false);
      const other = { ...tokenOf(prepared), attemptId: received.intentIds[0] ?? "" };
      expect(await under.journal.markSent(other, T0)).toBe(false);
      expect(await under.journal.markSent(tokenOf(prepared), T0 + 5)).toBe(true);
      expect(await under.journal.markSent(tokenOf(prepared), T0 + 6)).toBe(false);
      const retry = { atMs: T0, ledger: 9, failure: { reason: "resources" }, dueAtMs: T0 } as const;
      expect(await under.journal.retryFailed(tokenOf(prepared), retry, channel)).toBe(false);
      const sent = await now(under, prepared);
      expect(sent.attempt).toEqual({ ...attempt, state: "sent", sentAtMs: T0 + 5 });
    });

    it("confirms, tells the hook and frees the channel at its next sequence", async () => {
      const { journal, resolutions } = await make();
      await readyChannels(journal);
      const { intent, prepared } = await prepareOne(journal);
      const confirmation = {
        evidence: "transaction",
        txHash: "ab".repeat(32),
        ledger: 104,
        returnValue: "99985000000",
      } as const;
      const isDone = await journal.resolve(
        tokenOf(prepared),
        { state: "confirmed", confirmation },
        { atMs: T0 + 9, recordId: intent.intentId },
        { index: 0, nextSequence: 42n, resolvedLedger: 104 },
      );
      expect(isDone).toBe(true);
      const { intentId, tenantId, kind, subjectId } = intent;
      const resolution = {
        ...{ intentId, tenantId, kind, subjectId, state: "confirmed", resolvedAtMs: T0 + 9 },
        ...confirmation,
      };
      expect(resolutions).toEqual([resolution]);
      const found = await journal.findIntent("acme", intentId);
      expect(found).toMatchObject({ state: "confirmed", resolution });
      expect(found?.attempts).toMatchObject([{ state: "confirmed", ledger: 104, sequence: 41n }]);
      expect(await leaseChannel(journal)).toMatchObject({
        nextSequence: 42n,
        lastResolvedLedger: 104,
      });
      expect(await journal.leaseDue(leaseRequest({ nowMs: T0 + 999_999 }))).toEqual([]);
    });

    it("undoes a resolution whose hook fails", async () => {
      const under = await make();
      await readyChannels(under.journal);
      const { intent, prepared } = await prepareOne(under.journal);
      const resolve = () =>
        under.journal.resolve(
          tokenOf(prepared),
          { state: "confirmed", confirmation: { evidence: "marker" } },
          { atMs: T0, recordId: intent.intentId },
          { index: 0 },
        );
      under.failHook(new Error("the ledger of usage is away"));
      await expect(resolve()).rejects.toThrow("the ledger of usage is away");
      expect((await now(under, prepared)).state).toBe("prepared");
      expect((await under.journal.counts()).channels.bound).toBe(1);
      under.failHook(undefined);
      expect(await resolve()).toBe(true);
      expect(under.resolutions).toHaveLength(1);
    });

    it("rebuilds a dead attempt on the channel that it stays bound to", async () => {
      const under = await make();
      await readyChannels(under.journal);
      const { intent, prepared } = await prepareOne(under.journal);
      const failure = { reason: "configuration", detail: "txBadAuth" } as const;
      await under.journal.markDead(tokenOf(prepared), { atMs: T0, ledger: 110, failure });
      const dead = await now(under, prepared);
      expect(dead).toMatchObject({ state: "dead", attempt: { state: "dead", failure } });
      expect((await under.journal.counts()).channels).toMatchObject({ bound: 1, ready: 0 });
      const second = newAttempt({ maxLedger: 120 });
      expect(await under.journal.prepare(tokenOf(dead), second, "bound")).toBe(true);
      const rebuilt = await now(under, dead);
      expect(rebuilt.attempt).toMatchObject({ attemptId: second.attemptId, sequence: 41n });
      const found = await under.journal.findIntent("acme", intent.intentId);
      expect(found?.attempts.map(({ state }) => state)).toEqual(["dead", "prepared"]);
    });

    it("keeps a dead attempt in the history when it ends without another", async () => {
      const under = await make();
      await readyChannels(under.journal);
      const { prepared, intent } = await prepareOne(under.journal);
      await under.journal.markDead(tokenOf(prepared), { atMs: T0, ledger: 110 });
      const dead = await now(under, prepared);
      const outcome = { state: "failed", failure: { reason: "expired" } } as const;
      const end = { atMs: T0, recordId: newIntent().intentId };
      expect(await under.journal.resolve(tokenOf(dead), outcome, end, { index: 0 })).toBe(true);
      const found = await under.journal.findIntent("acme", intent.intentId);
      expect(found?.attempts.map(({ state }) => state)).toEqual(["dead", "failed"]);
    });

    it("moves a dead attempt to another channel and quarantines the one that it leaves", async () => {
      const under = await make();
      await readyChannels(under.journal, 2);
      const { prepared } = await prepareOne(under.journal);
      await under.journal.markDead(tokenOf(prepared), { atMs: T0, ledger: 110 });
      const dead = await now(under, prepared);
      const channel = await leaseChannel(under.journal);
      expect(channel.index).toBe(1);
      const quarantine = { untilMs: T0 + 60_000, reason: "used by somebody else" };
      const attempt = newAttempt({ channelIndex: 1, channelPublicKey: channel.publicKey });
      const abandoned = { index: 0, resolvedLedger: 110, quarantine };
      expect(await under.journal.prepare(tokenOf(dead), attempt, channel, abandoned)).toBe(true);
      expect((await under.journal.counts()).channels).toMatchObject({ bound: 1, quarantined: 1 });
    });

    it("takes a curable failure back to received with its retries counted", async () => {
      const under = await make();
      await readyChannels(under.journal);
      const { prepared, intent } = await prepareOne(under.journal);
      await under.journal.retryFailed(
        tokenOf(prepared),
        { atMs: T0, ledger: 104, failure: { reason: "resources" }, dueAtMs: T0 + 50 },
        { index: 0, nextSequence: 42n, resolvedLedger: 104 },
      );
      const again = await leaseOne(under.journal, { nowMs: T0 + 50 });
      expect(again).toMatchObject({
        state: "received",
        attemptId: null,
        intents: [{ retryCount: 1 }],
      });
      const found = await under.journal.findIntent("acme", intent.intentId);
      expect(found?.attempts).toMatchObject([
        { state: "failed", failure: { reason: "resources" } },
      ]);
    });

    it("counts what is pending, with the age of the oldest", async () => {
      const { journal } = await make();
      expect((await journal.counts()).oldestPendingAtMs).toBeUndefined();
      await readyChannels(journal);
      await prepareOne(journal, newIntent({ createdAtMs: T0 - 5_000 }));
      await journal.insertIntents([newIntent()]);
      expect(await journal.counts()).toMatchObject({
        pending: { received: 1, prepared: 1, sent: 0, dead: 0 },
        unknown: 0,
        oldestPendingAtMs: T0 - 5_000,
      });
    });
  });
}
