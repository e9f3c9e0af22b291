import { beforeEach, describe, expect, it } from "vitest";
import { settleIntent } from "../../testing/settle-intent.ts";
import type { NewUsageEvent } from "../usage-event/usage-event.ts";
import {
  charged,
  MINUTELY,
  newRequest,
  prepareAda,
  type SettlementFixture,
  START,
  type TestTime,
  WEATHER,
} from "./settlement-fixture.contract.ts";
import { MAX_BALANCE_AGE_MS } from "./settlement-repository.ts";

/** What every adapter must do with reservations. */
export function describeReservations(
  adapter: string,
  make: (time: TestTime) => Promise<SettlementFixture>,
): void {
  describe(`reservations (${adapter})`, () => {
    const time: TestTime = { nowMs: 0 };
    let fixture: SettlementFixture;
    const reserve = (changes: Partial<NewUsageEvent> = {}, tenantId = "acme") =>
      fixture.settlements.reserve(tenantId, newRequest(changes));
    const reserveAmounts = (amounts: readonly bigint[]) =>
      Promise.all(amounts.map((amountStroops) => reserve({ amountStroops })));
    const outcomesOf = (answers: readonly { outcome: string }[]) =>
      answers.map(({ outcome }) => outcome);
    const read = (balanceStroops: bigint, ledger: number) =>
      fixture.settlements.storeBalance("acme", "C-acme", { balanceStroops, ledger });
    const acceptSingly = async (amountStroops: bigint) => {
      await fixture.apis.put("acme", { ...WEATHER, apiId: "maps" }, START);
      const event = newRequest({ apiId: "maps", amountStroops });
      await fixture.events.accept("acme", event, event.requestId);
      return event;
    };

    beforeEach(async () => {
      time.nowMs = START.getTime();
      fixture = await make(time);
      await prepareAda(fixture);
    });

    it("stores the event as reserved, in the settlement that holds its amount", async () => {
      const event = newRequest();
      const answer = await fixture.settlements.reserve("acme", event);
      if (answer.outcome !== "reserved") throw new Error(answer.outcome);
      expect(answer).toMatchObject({ vaultContractId: "C-acme", balanceAgeMs: 0 });
      expect(answer.event).toMatchObject({ ...event, status: "reserved" });
      expect(await fixture.events.find("acme", event.requestId)).toMatchObject({
        status: "reserved",
        settlementId: answer.event.settlementId,
      });
      const settlement = await fixture.settlements.find("acme", answer.event.settlementId ?? "");
      expect(settlement).toMatchObject({ state: "open", eventCount: 1, amountStroops: 10n });
    });

    it("tells a duplicate its stored event and adds nothing", async () => {
      const event = newRequest();
      const [first, twin] = await Promise.all([
        fixture.settlements.reserve("acme", event),
        fixture.settlements.reserve("acme", { ...event, id: newRequest().id }),
      ]);
      const later = await fixture.settlements.reserve("acme", { ...event, id: newRequest().id });
      expect(outcomesOf([first, twin, later])).toEqual(["reserved", "duplicate", "duplicate"]);
      expect(later).toMatchObject({ event: { id: event.id, status: "reserved" } });
      expect(await fixture.settlements.sumReserved("acme", "C-acme")).toBe(10n);
    });

    it("reserves in order of arrival what fits, and leaves no trace of what does not", async () => {
      const big = newRequest({ amountStroops: 60n });
      const answers = await Promise.all([
        reserve({ amountStroops: 50n }),
        fixture.settlements.reserve("acme", big),
        reserve({ amountStroops: 40n }),
        reserve({ amountStroops: 11n }),
        reserve({ amountStroops: 10n }),
      ]);
      expect(outcomesOf(answers)).toEqual([
        "reserved",
        "insufficient_balance",
        "reserved",
        "insufficient_balance",
        "reserved",
      ]);
      expect(await fixture.events.find("acme", big.requestId)).toBeUndefined();
      expect(await fixture.settlements.sumReserved("acme", "C-acme")).toBe(100n);
      await read(160n, 2);
      expect(await fixture.settlements.reserve("acme", big)).toMatchObject({ outcome: "reserved" });
    });

    it("lets a request that is known take nothing from those that come with it", async () => {
      const known = newRequest({ amountStroops: 70n });
      await fixture.settlements.reserve("acme", known);
      const answers = await Promise.all([
        fixture.settlements.reserve("acme", { ...known, id: newRequest().id }),
        reserve({ amountStroops: 31n }),
        fixture.settlements.reserve("acme", { ...known, id: newRequest().id, amountStroops: 9n }),
        reserve({ amountStroops: 20n }),
        reserve({ amountStroops: 10n }),
      ]);
      expect(outcomesOf(answers)).toEqual([
        "duplicate",
        "insufficient_balance",
        "duplicate",
        "reserved",
        "reserved",
      ]);
    });

    it("wants a vault to be read, and not too long ago", async () => {
      await fixture.vaults.put("acme", { userId: "bob", contractId: "C-bob" }, START);
      expect(await reserve({ userId: "bob" })).toEqual({
        outcome: "balance_unknown",
        vaultContractId: "C-bob",
      });
      time.nowMs += MAX_BALANCE_AGE_MS + 1;
      expect(await reserve()).toMatchObject({ outcome: "balance_unknown" });
      await read(100n, 2);
      expect(await reserve()).toMatchObject({ outcome: "reserved" });
    });

    it("stores nothing for who is unknown, and nothing that settles by itself", async () => {
      await fixture.apis.put("acme", { ...WEATHER, apiId: "maps" }, START);
      const answers = [
        await reserve({ userId: "bob" }),
        await reserve({ apiId: "music" }),
        await reserve({ apiId: "maps" }),
        await reserve({}, "globex"),
      ];
      expect(outcomesOf(answers)).toEqual([
        "vault_not_found",
        "api_not_found",
        "per_request",
        "vault_not_found",
      ]);
      expect((await fixture.settlements.list("acme", {}, { limit: 10 })).total).toBe(0);
    });

    it("leaves to reservations what is to be accepted by the API's way of settling alone", async () => {
      const event = newRequest();
      expect(await fixture.events.accept("acme", event, "m")).toEqual({ outcome: "aggregated" });
      expect(await fixture.events.find("acme", event.requestId)).toBeUndefined();
      await fixture.apis.put("acme", WEATHER, START);
      expect(await fixture.settlements.reserve("acme", event)).toEqual({ outcome: "per_request" });
      expect(await fixture.events.accept("acme", event, "m")).toMatchObject({
        outcome: "accepted",
      });
      await fixture.apis.put("acme", { ...WEATHER, settlement: MINUTELY }, START);
      expect(await fixture.settlements.reserve("acme", event)).toMatchObject({
        outcome: "duplicate",
        event: { status: "pending" },
      });
    });

    it("counts what is pending by itself on the same vault, until a later reading shows it", async () => {
      const single = await acceptSingly(70n);
      expect(outcomesOf(await reserveAmounts([31n, 30n]))).toEqual([
        "insufficient_balance",
        "reserved",
      ]);
      await settleIntent(fixture.journal, single.id, charged(2), time.nowMs);
      expect(await reserve({ amountStroops: 1n })).toMatchObject({
        outcome: "insufficient_balance",
      });
      await read(30n, 2);
      expect(await reserve({ amountStroops: 1n })).toMatchObject({
        outcome: "insufficient_balance",
      });
      await read(31n, 3);
      expect(await reserve({ amountStroops: 1n })).toMatchObject({ outcome: "reserved" });
    });

    it("passes over readings of earlier ledgers, and those that charges under way explain", async () => {
      const single = await acceptSingly(40n);
      const untold = { state: "unknown", failure: { reason: "contract_error" } } as const;
      await settleIntent(fixture.journal, single.id, untold, time.nowMs);
      await read(100n, 3);
      await read(20n, 2);
      // 60 may be 100 less the 40 of which nobody can tell: they are not to be taken off twice.
      await read(60n, 4);
      expect(outcomesOf(await reserveAmounts([61n, 60n]))).toEqual([
        "insufficient_balance",
        "reserved",
      ]);
      // 59 cannot: somebody withdrew.
      await read(59n, 5);
      await read(199n, 6);
      expect(outcomesOf(await reserveAmounts([100n, 99n]))).toEqual([
        "insufficient_balance",
        "reserved",
      ]);
    });

    it("keeps tenants apart, whose requests and vaults are named alike", async () => {
      await prepareAda(fixture, { tenantId: "globex", balanceStroops: 10n });
      const event = newRequest();
      const answers = await Promise.all([
        fixture.settlements.reserve("acme", event),
        fixture.settlements.reserve("globex", event),
        reserve({ amountStroops: 1n }, "globex"),
      ]);
      expect(outcomesOf(answers)).toEqual(["reserved", "reserved", "insufficient_balance"]);
      expect(await fixture.settlements.sumReserved("acme", "C-acme")).toBe(10n);
      expect(await fixture.settlements.sumReserved("globex", "C-globex")).toBe(10n);
    });
  });
}
