import { beforeEach, describe, expect, it } from "vitest";
import { REFUSED, settleIntent } from "../../testing/settle-intent.ts";
import type { NewUsageEvent } from "../usage-event/usage-event.ts";
import {
  charged,
  newRequest,
  prepareAda,
  type SettlementFixture,
  START,
  type TestTime,
  WEATHER,
} from "./settlement-fixture.contract.ts";

/** What every adapter must do with charges by themselves of a vault that has reservations. */
export function describeReservationsFirst(
  adapter: string,
  make: (time: TestTime) => Promise<SettlementFixture>,
): void {
  describe(`charges beside reservations (${adapter})`, () => {
    const time: TestTime = { nowMs: 0 };
    let fixture: SettlementFixture;
    const accept = (event: NewUsageEvent) =>
      fixture.events.accept("acme", event, `marker/${event.requestId}`);
    const single = (amountStroops: bigint) => newRequest({ apiId: "maps", amountStroops });
    const acceptAmounts = async (amounts: readonly bigint[]) => {
      const answers = await Promise.all(amounts.map((amount) => accept(single(amount))));
      return answers.map(({ outcome }) => outcome);
    };
    const reserve = async (amountStroops: bigint) => {
      const answer = await fixture.settlements.reserve("acme", newRequest({ amountStroops }));
      return answer.outcome;
    };
    const read = (balanceStroops: bigint, ledger: number) =>
      fixture.settlements.storeBalance("acme", "C-acme", { balanceStroops, ledger });
    const settleReserved = async (outcome: Parameters<typeof settleIntent>[2]) => {
      time.nowMs += 60_000;
      await fixture.settlements.closeDue(10);
      const { settlements } = await fixture.settlements.list("acme", {}, { limit: 1 });
      await settleIntent(fixture.journal, settlements[0]?.id ?? "", outcome, time.nowMs);
    };
    const insufficient = { outcome: "insufficient_balance", vaultContractId: "C-acme" };

    beforeEach(async () => {
      time.nowMs = START.getTime();
      fixture = await make(time);
      await prepareAda(fixture);
      await fixture.apis.put("acme", { ...WEATHER, apiId: "maps" }, START);
    });

    it("take what reservations leave, in order of arrival, and leave no trace of what does not fit", async () => {
      await reserve(60n);
      const refused = single(41n);
      expect(await accept(refused)).toEqual(insufficient);
      expect(await fixture.events.find("acme", refused.requestId)).toBeUndefined();
      expect(await fixture.journal.findIntent("acme", refused.id)).toBeUndefined();
      expect(await acceptAmounts([30n, 11n, 10n, 1n])).toEqual([
        "accepted",
        "insufficient_balance",
        "accepted",
        "insufficient_balance",
      ]);
      await read(141n, 2);
      expect(await accept(refused)).toMatchObject({ outcome: "accepted" });
    });

    it("are for the chain to decide while nothing is reserved, and again once it is charged", async () => {
      expect(await acceptAmounts([70n, 70n])).toEqual(["accepted", "accepted"]);
      expect(await reserve(1n)).toBe("insufficient_balance");
      await read(141n, 2);
      expect(await reserve(1n)).toBe("reserved");
      expect(await acceptAmounts([1n])).toEqual(["insufficient_balance"]);
      await settleReserved(charged(3));
      expect(await acceptAmounts([500n])).toEqual(["accepted"]);
    });

    it("go by the last reading however old it is, but by none that proved wrong", async () => {
      await reserve(60n);
      time.nowMs += 86_400_000;
      expect(await acceptAmounts([40n])).toEqual(["accepted"]);
      await settleReserved(REFUSED);
      const unsure = { outcome: "balance_unknown", vaultContractId: "C-acme" };
      expect(await accept(single(1n))).toEqual(unsure);
      await read(101n, 2);
      expect(await acceptAmounts([2n, 1n])).toEqual(["insufficient_balance", "accepted"]);
    });

    it("know a duplicate whatever is reserved, which takes nothing from those that come with it", async () => {
      const known = single(20n);
      await accept(known);
      await reserve(60n);
      const answers = await Promise.all([
        accept({ ...known, id: newRequest().id }),
        accept(single(20n)),
        accept(single(1n)),
      ]);
      expect(answers.map(({ outcome }) => outcome)).toEqual([
        "duplicate",
        "accepted",
        "insufficient_balance",
      ]);
    });

    it("are re-armed only with what reservations leave", async () => {
      const event = single(50n);
      await accept(event);
      await settleIntent(fixture.journal, event.id, REFUSED, time.nowMs);
      await reserve(60n);
      const rearm = () => fixture.events.rearm("acme", event.requestId, new Date(time.nowMs));
      expect(await rearm()).toEqual(insufficient);
      expect(await fixture.events.find("acme", event.requestId)).toMatchObject({
        status: "failed",
      });
      await read(110n, 2);
      expect(await rearm()).toEqual({ outcome: "rearmed" });
      expect(await rearm()).toEqual({ outcome: "not_failed" });
      expect(await acceptAmounts([1n])).toEqual(["insufficient_balance"]);
    });
  });
}
