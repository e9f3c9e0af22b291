import type { Outcome } from "@orrery/soroban/journal/submission-journal";
import { beforeEach, describe, expect, it } from "vitest";
import { settleIntent } from "../../testing/settle-intent.ts";
import {
  charged,
  newRequest,
  prepareAda,
  type SettlementFixture,
  START,
  settlementMarker,
  type TestTime,
  TOO_LARGE,
} from "./settlement-fixture.contract.ts";

/** What every adapter must do with a settlement above the most that its vault is charged at once. */
export function describeTooLargeSettlements(
  adapter: string,
  make: (time: TestTime) => Promise<SettlementFixture>,
): void {
  describe(`settlements that are too large (${adapter})`, () => {
    const time: TestTime = { nowMs: 0 };
    let fixture: SettlementFixture;
    const reserve = async (amountStroops: bigint) => {
      const answer = await fixture.settlements.reserve("acme", newRequest({ amountStroops }));
      if (answer.outcome !== "reserved") throw new Error(answer.outcome);
      return answer.event;
    };
    const close = async () => {
      time.nowMs += 60_000;
      await fixture.settlements.closeDue(10);
    };
    const settle = (id: string | undefined, outcome: Outcome) =>
      settleIntent(fixture.journal, id ?? "", outcome, time.nowMs);
    const retry = async () => {
      time.nowMs += 60_000;
      return fixture.settlements.retryDue(10);
    };
    const listSettling = async () =>
      (await fixture.settlements.list("acme", { state: "settling" }, { limit: 10 })).settlements;
    const find = (id: string | undefined) => fixture.settlements.find("acme", id ?? "");
    const eventOf = (requestId: string) => fixture.events.find("acme", requestId);

    beforeEach(async () => {
      time.nowMs = START.getTime();
      fixture = await make(time);
      await prepareAda(fixture);
    });

    it("are parted into halves, which are charged in its place", async () => {
      const events = [await reserve(10n), await reserve(20n), await reserve(30n)];
      const whole = events[0]?.settlementId;
      await close();
      await settle(whole, TOO_LARGE);
      expect(await find(whole)).toMatchObject({ state: "failed", failureCount: 1 });
      expect([await retry(), await retry()]).toEqual([1, 0]);
      expect(await find(whole)).toMatchObject({
        state: "split",
        eventCount: 3,
        amountStroops: 60n,
        failure: { reason: "contract_error", contractError: 7 },
      });
      const halves = (await listSettling()).toSorted((a, b) => a.eventCount - b.eventCount);
      expect(halves).toMatchObject([
        { splitFrom: whole, eventCount: 1, failureCount: 0, payee: "G1" },
        { splitFrom: whole, eventCount: 2, failureCount: 0, vaultContractId: "C-acme" },
      ]);
      expect(halves.reduce((sum, { amountStroops }) => sum + amountStroops, 0n)).toBe(60n);
      expect(await fixture.settlements.sumReserved("acme", "C-acme")).toBe(60n);
      for (const { id, amountStroops } of halves) {
        expect((await fixture.journal.findIntent("acme", id))?.intent).toMatchObject({
          kind: "settlement",
          amountStroops,
          marker: settlementMarker("acme", id),
        });
        await settle(id, charged(7));
      }
      for (const { requestId } of events) {
        expect(await eventOf(requestId)).toMatchObject({ status: "confirmed", ledger: 7 });
      }
      expect(await find(whole)).toMatchObject({ state: "split" });
      expect(await fixture.settlements.sumReserved("acme", "C-acme")).toBe(0n);
    });

    it("come down to the events that are too large by themselves, in a bounded number of steps", async () => {
      const events = [];
      for (let index = 0; index < 8; index += 1) events.push(await reserve(index === 5 ? 50n : 1n));
      await close();
      let steps = 0;
      for (let settling = await listSettling(); settling.length > 0; steps += 1) {
        for (const { id, amountStroops } of settling) {
          await settle(id, amountStroops >= 50n ? TOO_LARGE : charged(7));
        }
        await retry();
        settling = await listSettling();
      }
      expect(steps).toBe(4);
      const statuses = await Promise.all(
        events.map(async ({ requestId }) => (await eventOf(requestId))?.status),
      );
      expect(statuses.filter((status) => status === "confirmed")).toHaveLength(7);
      expect(statuses[5]).toBe("failed");
    });

    it("of one event are given up with it, and hold nothing any more", async () => {
      const event = await reserve(100n);
      await close();
      await settle(event.settlementId, TOO_LARGE);
      const failure = { reason: "contract_error", contractError: 7 };
      expect(await find(event.settlementId)).toMatchObject({ state: "rejected", failure });
      expect(await find(event.settlementId)).not.toHaveProperty("retryAt");
      expect(await eventOf(event.requestId)).toMatchObject({ status: "failed", failure });
      expect(await retry()).toBe(0);
      await reserve(100n);
    });

    it("of one event are tried again when it is asked for again, and fits", async () => {
      const event = await reserve(100n);
      await close();
      await settle(event.settlementId, TOO_LARGE);
      const other = await reserve(1n);
      const rearm = () => fixture.events.rearm("acme", event.requestId, new Date(time.nowMs));
      expect(await rearm()).toMatchObject({ outcome: "insufficient_balance" });
      const reading = { balanceStroops: 101n, ledger: 2 };
      await fixture.settlements.storeBalance("acme", "C-acme", reading);
      expect(await rearm()).toEqual({ outcome: "rearmed" });
      expect(await rearm()).toEqual({ outcome: "not_failed" });
      expect(await eventOf(event.requestId)).toMatchObject({ status: "reserved" });
      expect(await fixture.settlements.sumReserved("acme", "C-acme")).toBe(101n);
      time.nowMs += 60_000;
      await settle(event.settlementId, charged(9));
      expect(await eventOf(event.requestId)).toMatchObject({ status: "confirmed", ledger: 9 });
      expect(await eventOf(other.requestId)).toMatchObject({ status: "reserved" });
    });
  });
}
