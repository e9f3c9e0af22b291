import type { Outcome } from "@orrery/soroban/journal/submission-journal";
import { beforeEach, describe, expect, it } from "vitest";
import { settleIntent } from "../../testing/settle-intent.ts";
import { accruedAt, told } from "./stream.ts";
import {
  mustBe,
  newStream,
  PAID,
  START,
  type StreamFixture,
  settling,
  started,
  type TestTime,
  UNPAID,
} from "./stream-fixture.contract.ts";
import type { LockedStream, StreamWrite } from "./stream-repository.ts";

/** What every adapter of the port must store, find and settle. */
export function describeStreamRepository(
  adapter: string,
  make: (time: TestTime) => Promise<StreamFixture>,
): void {
  describe(`StreamRepository (${adapter})`, () => {
    const time: TestTime = { nowMs: START.getTime() };
    let fixture: StreamFixture;

    beforeEach(async () => {
      time.nowMs = START.getTime();
      fixture = await make(time);
    });

    const change = (
      id: string,
      changed: (locked: LockedStream) => StreamWrite,
      tenantId = "acme",
    ) => fixture.streams.withLock(tenantId, id, (locked) => locked.save(changed(locked)));
    const find = async (id: string, tenantId = "acme") =>
      (await fixture.streams.find(tenantId, id))?.stream;
    const mustFind = async (id: string) => {
      const stream = await find(id);
      if (stream === undefined) throw new Error(`there is no stream ${id}`);
      return stream;
    };
    const activity = async (streamId: string) =>
      (await fixture.streams.listActivity("acme", { streamId }, { limit: 100 })).events;

    /** A stream that has been active for a second and is being settled; gives the intent's id. */
    async function beginSettlement(id: string): Promise<string> {
      await fixture.streams.create("acme", newStream(id));
      await change(id, started);
      time.nowMs += 1_000;
      await change(id, (locked) => settling(locked, "acme"));
      return (await find(id))?.settlement?.intentId ?? "";
    }

    const end = (intentId: string, outcome: Outcome) =>
      settleIntent(fixture.journal, intentId, outcome, time.nowMs + 60_000);

    it("creates a draft with its first event, and finds it", async () => {
      const created = await fixture.streams.create("acme", newStream("s-1"));
      expect(created).toEqual({
        stream: {
          ...newStream("s-1"),
          status: "draft",
          activeMs: 0,
          settledStroops: 0n,
          settlementCount: 0,
          createdAt: START,
          updatedAt: START,
          lastEventAt: START,
        },
        asOf: START,
      });
      time.nowMs += 5;
      expect(await fixture.streams.find("acme", "s-1")).toEqual({
        stream: created.stream,
        asOf: new Date(time.nowMs),
      });
      expect(await activity("s-1")).toMatchObject([
        { streamId: "s-1", type: "stream.created", happenedAt: START, details: {} },
      ]);
    });

    it("creates one of two streams with the same id, and tells of one", async () => {
      const made = await Promise.allSettled([
        fixture.streams.create("acme", newStream("s-1")),
        fixture.streams.create("acme", newStream("s-1", { senderUserId: "bob" })),
      ]);
      expect(made.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
      await expect(fixture.streams.create("acme", newStream("s-1"))).rejects.toMatchObject({
        code: "stream_exists",
      });
      expect(await activity("s-1")).toHaveLength(1);
      const { streams, total } = await fixture.streams.list("acme", {}, { limit: 10 });
      expect([streams.length, total]).toEqual([1, 1]);
    });

    it("never shows one tenant the streams, activity or users of another", async () => {
      const { streams } = fixture;
      await streams.create("acme", newStream("s-1"));
      await streams.putUser("acme", { walletAddress: "G1" });
      expect(await streams.find("globex", "s-1")).toBeUndefined();
      expect(await streams.findUser("globex", "G1")).toBeUndefined();
      expect(await streams.list("globex", {}, { limit: 10 })).toMatchObject({
        streams: [],
        total: 0,
      });
      for (const filter of [{}, { streamId: "s-1" }, { type: "stream.created" } as const]) {
        const { events, total } = await streams.listActivity("globex", filter, { limit: 10 });
        expect([events, total]).toEqual([[], 0]);
      }
      await streams.withLock("globex", "s-1", ({ stream }) => expect(stream).toBeUndefined());
      await streams.create("globex", newStream("s-1", { senderUserId: "eve" }));
      expect((await find("s-1"))?.senderUserId).toBe("ada");
    });

    it("stores every field of a stream as it was saved", async () => {
      await fixture.streams.create("acme", newStream("s-1", { totalStroops: 2n ** 63n - 1n }));
      const at = (ms: number) => new Date(START.getTime() + ms);
      await change("s-1", (locked) =>
        told(
          {
            ...mustBe(locked),
            status: "ended",
            activeMs: 2 ** 52,
            settledStroops: 2n ** 63n - 2n,
            settlementCount: 3,
            settlement: {
              intentId: "0190d2a0-0000-8000-8000-000000000000",
              action: "stop",
              state: "confirmed",
              amountStroops: 2n ** 63n - 2n,
              activeMs: 2 ** 52,
              vaultContractId: "C1",
              requestedAt: at(1),
              txHash: "cd",
              ledger: 77,
            },
            withdrawal: {
              state: "failed",
              effectId: "an effect",
              requestedAt: at(2),
              resolvedAt: at(3),
              failureCode: "settlement_tx_missing",
              missingAtLedger: 81,
            },
            startedAt: at(4),
            pausedAt: at(5),
            endedAt: at(6),
            updatedAt: at(7),
          },
          "stream.withdrawal_failed",
          at(8),
          { failureCode: "settlement_tx_missing", ledger: 81, none: null },
        ),
      );
      const saved = await find("s-1");
      expect(saved).toMatchObject({
        status: "ended",
        activeMs: 2 ** 52,
        settledStroops: 2n ** 63n - 2n,
        settlement: { action: "stop", txHash: "cd", ledger: 77, requestedAt: at(1) },
        withdrawal: {
          state: "failed",
          effectId: "an effect",
          missingAtLedger: 81,
          resolvedAt: at(3),
        },
        startedAt: at(4),
        pausedAt: at(5),
        endedAt: at(6),
        lastEventAt: at(8),
      });
      const events = await activity("s-1");
      expect(events[0]).toMatchObject({
        type: "stream.withdrawal_failed",
        happenedAt: at(8),
        details: { failureCode: "settlement_tx_missing", ledger: 81, none: null },
      });
      // And back: what is not there any more is gone.
      await change("s-1", (locked) => {
        const { settlement: _s, withdrawal: _w, pausedAt: _p, ...rest } = mustBe(locked);
        return told(rest, "stream.ended", at(9));
      });
      const bare = await find("s-1");
      expect([bare?.settlement, bare?.withdrawal, bare?.pausedAt]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    });

    it("hands the charge to the engine with the change, and nothing when the work throws", async () => {
      await fixture.streams.create("acme", newStream("s-1"));
      await change("s-1", started);
      const before = await find("s-1");
      const failing = fixture.streams.withLock("acme", "s-1", (locked) => {
        locked.save(settling(locked, "acme"));
        throw new Error("after saving");
      });
      await expect(failing).rejects.toThrow("after saving");
      expect(await find("s-1")).toEqual(before);
      expect(await activity("s-1")).toHaveLength(2);
      const intentId = await beginSettlement("s-2");
      const record = await fixture.journal.findIntent("acme", intentId);
      expect(record).toMatchObject({
        state: "received",
        intent: { kind: "stream", subjectId: "s-2/1", payee: "GRECIPIENT", amountStroops: 7n },
      });
      expect((await find("s-2"))?.settlement).toMatchObject({ state: "pending", intentId });
    });

    it("refuses to save a stream twice under one lock", async () => {
      await fixture.streams.create("acme", newStream("s-1"));
      const twice = fixture.streams.withLock("acme", "s-1", (locked) => {
        locked.save(started(locked));
        locked.save(started(locked));
      });
      await expect(twice).rejects.toThrow("once");
      expect((await find("s-1"))?.status).toBe("draft");
    });

    it("finds the sender's vault under the lock", async () => {
      await fixture.streams.create("acme", newStream("s-1"));
      const vault = () => fixture.streams.withLock("acme", "s-1", (locked) => locked.findVault());
      expect(await vault()).toBeUndefined();
      await fixture.vaults.put("acme", { userId: "ada", contractId: "C1" }, START);
      expect(await vault()).toBe("C1");
      await fixture.streams.withLock("acme", "none", async (locked) => {
        expect(await locked.findVault()).toBeUndefined();
      });
    });

    it("ends the stream with its charge: paid, hash and ledger, as of the freeze", async () => {
      const intentId = await beginSettlement("s-1");
      const frozenAt = new Date(time.nowMs);
      expect(await fixture.streams.sumSettling("acme", "C1")).toBe(7n);
      expect(await fixture.streams.sumSettling("acme", "C2")).toBe(0n);
      expect(await fixture.streams.sumSettling("globex", "C1")).toBe(0n);
      await end(intentId, PAID);
      expect(await find("s-1")).toMatchObject({
        status: "ended",
        activeMs: 700,
        settledStroops: 7n,
        endedAt: frozenAt,
        settlement: { state: "confirmed", txHash: "ab".repeat(32), ledger: 12 },
      });
      expect((await find("s-1"))?.activeSince).toBeUndefined();
      expect((await activity("s-1")).map(({ type }) => type)).toEqual([
        "stream.ended",
        "stream.settlement_requested",
        "stream.started",
        "stream.created",
      ]);
      expect(await fixture.streams.sumSettling("acme", "C1")).toBe(0n);
      expect(await fixture.streams.listEndedCharges([{ tenantId: "acme", intentId }])).toEqual([
        { tenantId: "acme", intentId, isPaid: true },
      ]);
    });

    it("counts the settlements under way of each tenant, and those before a time", async () => {
      const count = (...before: [Date, Date]) => fixture.streams.countSettling(before);
      expect(await count(START, START)).toEqual([]);
      const intentId = await beginSettlement("s-1");
      const second = new Date(time.nowMs + 500);
      await beginSettlement("s-2");
      const after = new Date(time.nowMs + 1);
      expect(await count(START, second)).toEqual([
        { tenantId: "acme", pending: 2, before: [0, 1] },
      ]);
      await end(intentId, PAID);
      expect(await count(second, after)).toEqual([
        { tenantId: "acme", pending: 1, before: [0, 1] },
      ]);
    });

    it("leaves the stream as it was when it was not paid, and it has accrued on", async () => {
      await fixture.streams.create("acme", newStream("s-1"));
      await change("s-1", started);
      time.nowMs += 1_000;
      const before = await mustFind("s-1");
      await change("s-1", (locked) => settling(locked, "acme"));
      const intentId = (await find("s-1"))?.settlement?.intentId ?? "";
      await end(intentId, UNPAID);
      const after = await mustFind("s-1");
      expect(after).toEqual({ ...before, lastEventAt: after.lastEventAt, settlementCount: 1 });
      expect(accruedAt(after, new Date(START.getTime() + 3_000))).toBe(30n);
      const [failed] = await activity("s-1");
      expect(failed).toMatchObject({
        type: "stream.settlement_failed",
        details: { action: "settle", reason: "insufficient_balance", contractError: 5 },
      });
      expect(await fixture.streams.listEndedCharges([{ tenantId: "acme", intentId }])).toEqual([
        {
          tenantId: "acme",
          intentId,
          isPaid: false,
          failure: { reason: "insufficient_balance", contractError: 5 },
        },
      ]);
    });

    it("keeps a settlement that nobody can tell the end of under way", async () => {
      const intentId = await beginSettlement("s-1");
      await end(intentId, { state: "unknown", failure: { reason: "undecided" } });
      expect((await find("s-1"))?.settlement?.state).toBe("pending");
      expect(await fixture.streams.listEndedCharges([{ tenantId: "acme", intentId }])).toEqual([]);
    });

    it("tells only of charges that have ended, each to its own tenant", async () => {
      const ended = await beginSettlement("s-1");
      await end(ended, PAID);
      const pending = await beginSettlement("s-2");
      const keys = [
        { tenantId: "acme", intentId: ended },
        { tenantId: "acme", intentId: pending },
        { tenantId: "globex", intentId: ended },
      ];
      const found = await fixture.streams.listEndedCharges(keys);
      expect(found.map(({ tenantId, intentId }) => [tenantId, intentId])).toEqual([
        ["acme", ended],
      ]);
      expect(await fixture.streams.listEndedCharges([])).toEqual([]);
    });

    it("lists the pending withdrawals of all tenants, the longest wait first", async () => {
      const withdraw = (state: "pending" | "succeeded") => (locked: LockedStream) =>
        told(
          { ...mustBe(locked), status: "ended", withdrawal: { state, requestedAt: locked.now } },
          "stream.withdrawal_requested",
          locked.now,
        );
      for (const [tenantId, id, state] of [
        ["acme", "done", "succeeded"],
        ["globex", "first", "pending"],
        ["acme", "second", "pending"],
      ] as const) {
        await fixture.streams.create(tenantId, newStream(id));
        time.nowMs += 10;
        await change(id, withdraw(state), tenantId);
      }
      const listed = await fixture.streams.listWithdrawing(10);
      expect(listed).toEqual([
        { tenantId: "globex", id: "first", requestedAt: new Date(START.getTime() + 20) },
        { tenantId: "acme", id: "second", requestedAt: new Date(START.getTime() + 30) },
      ]);
      expect(await fixture.streams.listWithdrawing(1)).toEqual(listed.slice(0, 1));
      expect(await fixture.streams.listWithdrawing(10, listed[0])).toEqual(listed.slice(1));
      expect(await fixture.streams.listWithdrawing(10, listed[1])).toEqual([]);
    });

    it("tells nothing of a change that is not told", async () => {
      await fixture.streams.create("acme", newStream("s-1"));
      await fixture.streams.withLock("acme", "s-1", (locked) =>
        locked.save({ stream: { ...mustBe(locked), settlementCount: 4 } }),
      );
      expect((await find("s-1"))?.settlementCount).toBe(4);
      expect(await activity("s-1")).toHaveLength(1);
    });

    it("keeps users by their wallet address, replacing the name and not the time", async () => {
      const { streams } = fixture;
      const first = await streams.putUser("acme", { walletAddress: "G1", displayName: "Ada" });
      const stored = { walletAddress: "G1", displayName: "Ada", createdAt: START };
      expect(first).toEqual({ user: { ...stored, updatedAt: START }, isNew: true });
      expect(await streams.findUser("acme", "G1")).toEqual(first.user);
      time.nowMs += 1_000;
      const second = await streams.putUser("acme", { walletAddress: "G1" });
      expect(second).toEqual({
        user: { walletAddress: "G1", createdAt: START, updatedAt: new Date(time.nowMs) },
        isNew: false,
      });
      expect(await streams.findUser("acme", "g1")).toBeUndefined();
    });
  });
}
