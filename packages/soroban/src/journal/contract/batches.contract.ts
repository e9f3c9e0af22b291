import { describe, expect, it } from "vitest";
import {
  type LeasedSubmission,
  type SubmissionJournal,
  tokenFor,
  tokenOf,
} from "../submission-journal.ts";
import {
  leaseChannel,
  leaseOne,
  leaseRequest,
  type MakeJournal,
  newAttempt,
  newIntent,
  readyChannels,
  T0,
} from "./fixtures.ts";

const VAULT = "CVAULT";

/** `count` intents for one vault, the first the oldest. */
function riders(count: number, tenantId = "acme") {
  return Array.from({ length: count }, (_, n) =>
    newIntent({ tenantId, vaultContractId: VAULT, createdAtMs: T0 - 1_000 + n }),
  );
}

const idsOf = (intents: readonly { intentId: string }[]) => intents.map(({ intentId }) => intentId);

/** A batch on its way: received, leased, channel bound, prepared. */
async function prepareBatch(journal: SubmissionJournal, count: number) {
  await readyChannels(journal);
  const intents = riders(count);
  await journal.insertIntents(intents);
  const received = await leaseOne(journal, { batchLimit: 50 });
  const attempt = newAttempt();
  await journal.prepare(tokenOf(received), attempt, await leaseChannel(journal));
  return { intents, attempt, prepared: await reread(journal, received) };
}

async function reread(journal: SubmissionJournal, leased: LeasedSubmission) {
  const current = await journal.reread(tokenOf(leased));
  if (current === undefined) throw new Error("lease lost");
  return current;
}

export function describeBatches(make: MakeJournal): void {
  describe("what waits for one vault", () => {
    it("rides together, in order of arrival and no more than fit", async () => {
      const { journal } = await make();
      const intents = riders(5);
      await journal.insertIntents(intents.toReversed());
      const batch = await leaseOne(journal, { batchLimit: 3 });
      expect(batch.intentIds).toEqual(idsOf(intents.slice(0, 3)));
      expect(batch.intents.map(({ armedAtMs }) => armedAtMs)).toEqual([
        T0 - 1_000,
        T0 - 999,
        T0 - 998,
      ]);
    });

    it("waits while the vault has something under way, in anybody's hands", async () => {
      const { journal } = await make();
      await readyChannels(journal);
      await journal.insertIntents(riders(3));
      const batch = await leaseOne(journal, { batchLimit: 2 });
      const ask = (nowMs = T0) => journal.leaseDue(leaseRequest({ nowMs, batchLimit: 2 }));
      expect(await ask()).toEqual([]);
      await journal.prepare(tokenOf(batch), newAttempt(), await leaseChannel(journal));
      expect(await ask()).toEqual([]);
      const late = await ask(T0 + 60_000);
      expect(late.map(({ state, intentIds }) => [state, intentIds.length])).toEqual([
        ["prepared", 2],
      ]);
    });

    it("keeps apart what belongs to two tenants", async () => {
      const { journal } = await make();
      await journal.insertIntents([...riders(2), ...riders(2, "beta")]);
      const batches = await journal.leaseDue(leaseRequest({ batchLimit: 50 }));
      expect(batches.map(({ tenantId }) => tenantId).sort()).toEqual(["acme", "beta"]);
      expect(batches.every(({ intents }) => intents.length === 2)).toBe(true);
    });

    it("does not hold back another tenant, however much it is", async () => {
      const { journal } = await make();
      const backlog = Array.from({ length: 60 }, (_, n) =>
        newIntent({ vaultContractId: `CVAULT${n % 6}`, createdAtMs: T0 - 5_000 + n }),
      );
      await journal.insertIntents([...backlog, newIntent({ tenantId: "beta" })]);
      const batches = await journal.leaseDue(leaseRequest({ newLimit: 2, batchLimit: 50 }));
      expect(batches.map(({ tenantId }) => tenantId).sort()).toEqual(["acme", "beta"]);
    });

    it("goes to one of many workers who ask at once", async () => {
      const { journal } = await make();
      await journal.insertIntents(riders(40));
      const rounds = await Promise.all(
        ["a", "b", "c", "d", "e"].map((owner) =>
          journal.leaseDue(leaseRequest({ owner, batchLimit: 5 })),
        ),
      );
      expect(rounds.flat().map(({ intentIds }) => intentIds.length)).toEqual([5]);
    });

    it("comes back from a lease that ran out in order of arrival", async () => {
      const { journal } = await make();
      const intents = riders(3);
      await journal.insertIntents(intents);
      await leaseOne(journal, { batchLimit: 1 });
      const later = await leaseOne(journal, { nowMs: T0 + 60_000, batchLimit: 50 });
      expect(later.intentIds).toEqual(idsOf(intents));
    });
  });

  describe("a batch", () => {
    it("is taken over whole by another worker", async () => {
      const { journal } = await make();
      const { intents, attempt } = await prepareBatch(journal, 4);
      const taken = await leaseOne(journal, { nowMs: T0 + 60_000 });
      expect(taken.intentIds).toEqual(idsOf(intents));
      expect(taken.attempt).toEqual({ ...attempt, state: "prepared" });
    });

    it("is confirmed whole, with one channel given back", async () => {
      const { journal, resolutions } = await make();
      const { intents, prepared } = await prepareBatch(journal, 3);
      const confirmation = { evidence: "transaction", txHash: "ab".repeat(32), ledger: 7 } as const;
      const end = { atMs: T0, recordId: newIntent().intentId };
      const outcome = { state: "confirmed", confirmation } as const;
      expect(await journal.resolve(tokenOf(prepared), outcome, end, { index: 0 })).toBe(true);
      expect(resolutions.map(({ intentId }) => intentId).sort()).toEqual(idsOf(intents).sort());
      expect((await journal.counts()).channels).toMatchObject({ ready: 1, bound: 0 });
    });

    it("lets some go while nothing is under way, and keeps its lease on the others", async () => {
      const { journal, resolutions } = await make();
      const intents = riders(4);
      await journal.insertIntents(intents);
      const batch = await leaseOne(journal, { batchLimit: 50 });
      const [first, second, third, fourth] = idsOf(intents) as [string, string, string, string];
      const outcome = { state: "refused", failure: { reason: "insufficient_balance" } } as const;
      const end = { atMs: T0, recordId: newIntent().intentId };
      expect(await journal.resolve(tokenFor(batch, [second]), outcome, end)).toBe(true);
      expect(await journal.release(tokenFor(batch, [fourth]), T0 + 1)).toBe(true);
      expect((await reread(journal, batch)).intentIds).toEqual([first, third]);
      expect(resolutions.map(({ intentId }) => intentId)).toEqual([second]);
      expect(await journal.resolve(tokenOf(batch), outcome, end)).toBe(false);
      // Re-armed, it is nobody's until it is leased again.
      await journal.rearm("acme", second, T0 + 60_000);
      expect((await reread(journal, batch)).intentIds).toEqual([first, third]);
    });

    it("lets some go when its attempt is dead, and the others ride in the rebuild", async () => {
      const { journal } = await make();
      const { intents, prepared } = await prepareBatch(journal, 3);
      await journal.markDead(tokenOf(prepared), { atMs: T0, ledger: 110 });
      const dead = await reread(journal, prepared);
      const [first, ...others] = idsOf(intents) as [string, string, string];
      const outcome = { state: "refused", failure: { reason: "insufficient_balance" } } as const;
      const end = { atMs: T0, recordId: newIntent().intentId };
      expect(await journal.resolve(tokenFor(dead, [first]), outcome, end)).toBe(true);
      expect((await journal.counts()).channels.bound).toBe(1);
      const taken = await leaseOne(journal, { nowMs: T0 + 60_000 });
      expect(taken.intentIds).toEqual(others);
      const rebuilt = newAttempt();
      expect(await journal.prepare(tokenOf(taken), rebuilt, "bound")).toBe(true);
      const found = await journal.findIntent("acme", first);
      expect(found?.attempts.map(({ state }) => state)).toEqual(["dead", "refused"]);
    });
  });

  describe("further steps of an attempt", () => {
    it("stores a fee bump beside the bytes it bumps", async () => {
      const { journal } = await make();
      const { prepared, attempt } = await prepareBatch(journal, 2);
      const bump = { hash: "ef".repeat(32), envelopeXdr: "BBBB", feeStroops: 9n, storedAtMs: T0 };
      expect(await journal.addHash(tokenOf(prepared), bump)).toBe(true);
      const { attempt: bumped } = await reread(journal, prepared);
      expect(bumped?.hashes).toEqual([...attempt.hashes, bump]);
      await journal.release(tokenOf(prepared), T0);
      expect(await journal.addHash(tokenOf(prepared), bump)).toBe(false);
    });

    it("goes back to received when what it needed is restored, with nothing counted", async () => {
      const { journal } = await make();
      const { prepared, intents } = await prepareBatch(journal, 2);
      await journal.markSent(tokenOf(prepared), T0);
      const sent = await reread(journal, prepared);
      const channel = { index: 0, nextSequence: 42n, resolvedLedger: 104 };
      const end = { atMs: T0 + 5, ledger: 104 };
      expect(await journal.markRestored(tokenOf(sent), end, channel)).toBe(true);
      expect(await journal.markRestored(tokenOf(sent), end, channel)).toBe(false);
      const again = await leaseOne(journal, { nowMs: T0 + 5, batchLimit: 50 });
      expect(again).toMatchObject({ state: "received", attemptId: null });
      expect(again.intents.map(({ retryCount }) => retryCount)).toEqual([0, 0]);
      const found = await journal.findIntent("acme", intents[0]?.intentId ?? "");
      expect(found).toMatchObject({ attempts: [{ state: "confirmed", ledger: 104 }] });
      expect(found?.resolution).toBeUndefined();
    });
  });
}
