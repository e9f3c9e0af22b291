import type { Outcome } from "@orrery/soroban/journal/submission-journal";
import { beforeEach, describe, expect, it } from "vitest";
import { REFUSED, settleIntent } from "../../testing/settle-intent.ts";
import type { NewUsageEvent } from "../usage-event/usage-event.ts";
import {
  charged,
  MINUTELY,
  newRequest,
  prepareAda,
  type SettlementFixture,
  START,
  settlementMarker,
  type TestTime,
  WEATHER,
} from "./settlement-fixture.contract.ts";

/** What every adapter must do with settlements. */
export function describeSettlementRepository(
  adapter: string,
  make: (time: TestTime) => Promise<SettlementFixture>,
): void {
  describe(`SettlementRepository (${adapter})`, () => {
    const time: TestTime = { nowMs: 0 };
    let fixture: SettlementFixture;
    const reserve = async (changes: Partial<NewUsageEvent> = {}) => {
      const answer = await fixture.settlements.reserve("acme", newRequest(changes));
      if (answer.outcome !== "reserved") throw new Error(answer.outcome);
      return answer.event;
    };
    const settlementOf = async (event: { settlementId?: string }) =>
      fixture.settlements.find("acme", event.settlementId ?? "");
    const closeNow = async () => {
      time.nowMs += 60_000;
      return fixture.settlements.closeDue(100);
    };
    const settle = (event: { settlementId?: string }, outcome: Outcome) =>
      settleIntent(fixture.journal, event.settlementId ?? "", outcome, time.nowMs);

    beforeEach(async () => {
      time.nowMs = START.getTime();
      fixture = await make(time);
      await prepareAda(fixture);
    });

    it("opens one settlement for each API, payee and vault", async () => {
      await fixture.vaults.put("acme", { userId: "bob", contractId: "C-bob" }, START);
      await fixture.settlements.storeBalance("acme", "C-bob", { balanceStroops: 99n, ledger: 1 });
      await fixture.apis.put("acme", { ...WEATHER, apiId: "maps", settlement: MINUTELY }, START);
      const first = await reserve();
      expect((await reserve()).settlementId).toBe(first.settlementId);
      const others = [await reserve({ userId: "bob" }), await reserve({ apiId: "maps" })];
      await fixture.apis.put(
        "acme",
        { ...WEATHER, payoutAddress: "G2", settlement: MINUTELY },
        START,
      );
      others.push(await reserve());
      const ids = [first, ...others].map(({ settlementId }) => settlementId);
      expect(new Set(ids).size).toBe(4);
      expect(await settlementOf(first)).toEqual({
        id: first.settlementId,
        apiId: "weather",
        payee: "G1",
        vaultContractId: "C-acme",
        state: "open",
        eventCount: 2,
        amountStroops: 20n,
        openedAt: START,
        closesAt: new Date(START.getTime() + 60_000),
        failureCount: 0,
      });
    });

    it("closes at its time with its sum as one intent, and takes no event after that", async () => {
      const first = await reserve({ amountStroops: 30n });
      await reserve({ amountStroops: 12n });
      time.nowMs += 59_999;
      expect(await fixture.settlements.closeDue(100)).toBe(0);
      time.nowMs += 1;
      const counts = [
        await fixture.settlements.closeDue(100),
        await fixture.settlements.closeDue(100),
      ];
      expect(counts).toEqual([1, 0]);
      const late = await reserve();
      expect(late.settlementId).not.toBe(first.settlementId);
      const id = first.settlementId ?? "";
      expect(await settlementOf(first)).toMatchObject({
        state: "settling",
        eventCount: 2,
        amountStroops: 42n,
        closedAt: new Date(time.nowMs),
      });
      expect((await fixture.journal.findIntent("acme", id))?.intent).toEqual({
        intentId: id,
        tenantId: "acme",
        kind: "settlement",
        subjectId: id,
        vaultContractId: "C-acme",
        payee: "G1",
        amountStroops: 42n,
        marker: settlementMarker("acme", id),
        createdAtMs: time.nowMs,
      });
      expect(await fixture.journal.findIntent("acme", late.settlementId ?? "")).toBeUndefined();
    });

    it("closes at once when its sum is reached", async () => {
      const terms = { mode: "aggregated", everySeconds: 60, atStroops: 25n } as const;
      await fixture.apis.put("acme", { ...WEATHER, settlement: terms }, START);
      const events = [await reserve(), await reserve(), await reserve(), await reserve()];
      const ids = events.map(({ settlementId }) => settlementId);
      expect(ids.slice(0, 3)).toEqual([ids[0], ids[0], ids[0]]);
      expect(ids[3]).not.toBe(ids[0]);
      expect(await settlementOf(events[0] ?? {})).toMatchObject({
        state: "settling",
        amountStroops: 30n,
      });
      expect((await fixture.journal.findIntent("acme", ids[0] ?? ""))?.state).toBe("received");
    });

    it("confirms every event with the settlement's own hash and ledger", async () => {
      const events = [await reserve(), await reserve()];
      await closeNow();
      const late = await reserve();
      await settle(events[0] ?? {}, charged(7));
      const settled = { txHash: "ab".repeat(32), ledger: 7, settledAt: new Date(time.nowMs) };
      expect(await settlementOf(events[0] ?? {})).toMatchObject({ state: "confirmed", ...settled });
      for (const { requestId } of events) {
        expect(await fixture.events.find("acme", requestId)).toMatchObject({
          status: "confirmed",
          ...settled,
        });
      }
      expect(await fixture.events.find("acme", late.requestId)).toMatchObject({
        status: "reserved",
      });
      expect(await fixture.settlements.sumReserved("acme", "C-acme")).toBe(10n);
    });

    it("holds a charge against the vault until a reading of its ledger or a later one", async () => {
      const event = await reserve({ amountStroops: 60n });
      await closeNow();
      await settle(event, charged(7));
      await expect(reserve({ amountStroops: 41n })).rejects.toThrow("insufficient_balance");
      const reading = { balanceStroops: 40n, ledger: 7 };
      await fixture.settlements.storeBalance("acme", "C-acme", reading);
      await expect(reserve({ amountStroops: 41n })).rejects.toThrow("insufficient_balance");
      await reserve({ amountStroops: 40n });
    });

    it("keeps the events of a failed settlement, and tries the same charge again later", async () => {
      const event = await reserve({ amountStroops: 60n });
      await closeNow();
      await settle(event, REFUSED);
      expect(await settlementOf(event)).toMatchObject({
        state: "failed",
        failure: { reason: "insufficient_balance", contractError: 5 },
        failureCount: 1,
        retryAt: new Date(time.nowMs + 1_000),
      });
      const { requestId } = event;
      expect(await fixture.events.find("acme", requestId)).toMatchObject({ status: "reserved" });
      expect(await fixture.settlements.sumReserved("acme", "C-acme")).toBe(60n);
      const next = await fixture.settlements.reserve("acme", newRequest());
      expect(next).toEqual({ outcome: "balance_unknown", vaultContractId: "C-acme" });
      expect(await fixture.settlements.retryDue(100)).toBe(0);
      time.nowMs += 1_000;
      expect(await fixture.settlements.retryDue(100)).toBe(1);
      expect(await fixture.settlements.retryDue(100)).toBe(0);
      expect(await settlementOf(event)).toMatchObject({
        state: "settling",
        failure: { reason: "insufficient_balance" },
      });
      await settle(event, charged(9));
      const settlement = await settlementOf(event);
      expect(settlement).toMatchObject({ state: "confirmed", ledger: 9, failureCount: 1 });
      expect(settlement).not.toHaveProperty("failure");
      expect(await fixture.events.find("acme", requestId)).toMatchObject({
        status: "confirmed",
        ledger: 9,
      });
    });

    it("leaves a settlement of which nobody can tell as it is", async () => {
      const event = await reserve();
      await closeNow();
      await settle(event, { state: "unknown", failure: { reason: "contract_error" } });
      expect(await settlementOf(event)).toMatchObject({ state: "settling" });
      expect(await fixture.settlements.sumReserved("acme", "C-acme")).toBe(10n);
      expect(await fixture.settlements.retryDue(100)).toBe(0);
    });

    it("tells the story of the settlement as that of each of its events", async () => {
      const event = await reserve();
      const { requestId } = event;
      const before = await fixture.events.findWithHistory("acme", requestId);
      expect(before).toMatchObject({ event: { status: "reserved" } });
      expect(before?.history?.attempts ?? []).toEqual([]);
      await closeNow();
      await settle(event, charged(7));
      const after = await fixture.events.findWithHistory("acme", requestId);
      expect(after?.history?.attempts).toMatchObject([{ state: "confirmed", ledger: 7 }]);
    });

    it("lists the newest first, a page at a time, by API and state, of one tenant", async () => {
      await fixture.apis.put("acme", { ...WEATHER, apiId: "maps", settlement: MINUTELY }, START);
      const opened: (string | undefined)[] = [];
      for (const apiId of ["weather", "maps", "weather"]) {
        opened.unshift((await reserve({ apiId })).settlementId);
        await closeNow();
      }
      const { settlements } = fixture;
      const first = await settlements.list("acme", {}, { limit: 2 });
      expect(first).toMatchObject({ hasNext: true, total: 3 });
      const last = first.settlements.at(-1);
      const after = { at: last?.openedAt ?? START, id: last?.id ?? "" };
      const rest = await settlements.list("acme", {}, { limit: 2, after });
      expect(rest).toMatchObject({ hasNext: false, total: 3 });
      expect([...first.settlements, ...rest.settlements].map(({ id }) => id)).toEqual(opened);
      const totalOf = async (filter: Parameters<typeof settlements.list>[1], tenantId = "acme") =>
        (await settlements.list(tenantId, filter, { limit: 1 })).total;
      expect(await totalOf({ apiId: "maps" })).toBe(1);
      expect(await totalOf({ state: "settling" })).toBe(3);
      expect(await totalOf({ apiId: "maps", state: "open" })).toBe(0);
      expect(await totalOf({}, "globex")).toBe(0);
      expect(await settlements.find("globex", opened[0] ?? "")).toBeUndefined();
    });
  });
}
