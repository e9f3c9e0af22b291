import type { ChargeEvent } from "@orrery/soroban/vault/charge-events";
import { describe, expect, it } from "vitest";
import type { ChargeRecord } from "../repositories/reconciliation/charge-record-repository.ts";
import { comparePair, judgeLonelyEvent, matchCharges } from "./compare-charges.ts";
import { clipToRetention, firstReadable } from "./reconcile-ledgers.ts";

const SAME = { isSameTransaction: true, payee: "GPAYEE" };

function record(changes: Partial<ChargeRecord> = {}): ChargeRecord {
  const place = { txHash: "aa", ledger: 10 };
  return {
    tenantId: "acme",
    intentId: "i1",
    kind: "deduct",
    subjectId: "req-1",
    vaultContractId: "CVAULT",
    payee: "GPAYEE",
    amountStroops: 5n,
    marker: "m1",
    state: "confirmed",
    ...place,
    usageEvent: { status: "confirmed", amountStroops: 5n, ...place },
    ...changes,
  };
}

function event(changes: Partial<ChargeEvent> = {}): ChargeEvent {
  return {
    vaultContractId: "CVAULT",
    ledger: 10,
    txHash: "aa",
    caller: "GCALLER",
    marker: "m1",
    amountStroops: 5n,
    ...changes,
  };
}

describe("matching one ledger", () => {
  it("pairs row and event by marker", () => {
    const pair = { record: record(), event: event() };
    expect(matchCharges([pair.record], [pair.event])).toEqual({
      pairs: [pair],
      lonelyRecords: [],
      lonelyEvents: [],
      repeatedEvents: [],
    });
  });

  it("takes the event of the row's own transaction and calls the other a repetition", () => {
    const [other, own] = [event({ txHash: "bb" }), event()];
    const { pairs, repeatedEvents } = matchCharges([record()], [other, own]);
    expect(pairs[0]?.event).toBe(own);
    expect(repeatedEvents).toEqual([other]);
  });

  it("tells repetitions apart even where no row has the marker", () => {
    const { lonelyEvents, repeatedEvents } = matchCharges([], [event(), event({ txHash: "bb" })]);
    expect([lonelyEvents.length, repeatedEvents.length]).toEqual([1, 1]);
  });

  it("never takes two charges without a request id for one", () => {
    const { marker: _marker, ...nameless } = event();
    expect(matchCharges([], [nameless, nameless]).lonelyEvents).toHaveLength(2);
  });

  it("leaves a row over that has no event", () => {
    const lonely = record({ marker: "m2" });
    expect(matchCharges([lonely], [event()])).toMatchObject({ lonelyRecords: [lonely] });
  });
});

describe("an event that no row of its ledger names", () => {
  const kindOf = (changes?: Partial<ChargeRecord>, on: Partial<ChargeEvent> = {}) => {
    const judged = judgeLonelyEvent(event(on), changes && record(changes));
    return judged.kind === "pair" ? "pair" : judged.difference.kind;
  };

  it("is judged by the row with its marker", () => {
    expect(kindOf()).toBe("event_without_row");
    expect(kindOf({ vaultContractId: "COTHER" })).toBe("vault_differs");
    expect(kindOf({ state: "failed" })).toBe("charged_but_failed");
    expect(kindOf({ state: "refused" })).toBe("charged_but_failed");
    expect(kindOf({ state: "sent" })).toBe("charged_not_confirmed");
    expect(kindOf({ state: "unknown" })).toBe("charged_not_confirmed");
    expect(kindOf({ ledger: 9 })).toBe("transaction_differs");
    expect(kindOf({ ledger: 9, txHash: "bb" })).toBe("duplicate_charge");
  });

  it("is the row's own when the row was confirmed while the rows were read", () => {
    expect(kindOf({})).toBe("pair");
  });

  it("is the row's own when the row knows of no transaction", () => {
    const { txHash: _txHash, ledger: _ledger, ...byMarker } = record();
    expect(judgeLonelyEvent(event(), byMarker).kind).toBe("pair");
  });
});

describe("a row and its event", () => {
  const kindsOf = (changes: Partial<ChargeRecord>, facts = SAME, on: Partial<ChargeEvent> = {}) =>
    comparePair({ record: record(changes), event: event(on) }, facts).map(({ kind }) => kind);

  it("agree when everything does", () => {
    expect(kindsOf({})).toEqual([]);
  });

  it("differ in amount, also when the chain's cannot be read", () => {
    expect(kindsOf({}, SAME, { amountStroops: 6n })).toEqual(["amount_differs"]);
    const { amountStroops: _amount, ...unreadable } = event();
    const pair = { record: record(), event: unreadable };
    expect(comparePair(pair, SAME)[0]?.kind).toBe("amount_differs");
  });

  it("differ in payee and in transaction", () => {
    expect(kindsOf({}, { ...SAME, payee: "GTHIEF" })).toEqual(["payee_differs"]);
    expect(kindsOf({}, { ...SAME, isSameTransaction: false })).toEqual(["transaction_differs"]);
  });

  it("differ when the tenant sees another thing", () => {
    const place = { txHash: "aa", ledger: 10 };
    for (const usageEvent of [
      { status: "failed", amountStroops: 5n, ...place },
      { status: "confirmed", amountStroops: 6n, ...place },
      { status: "confirmed", amountStroops: 5n, ...place, txHash: "bb" },
      { status: "confirmed", amountStroops: 5n, ...place, ledger: 11 },
    ]) {
      expect(kindsOf({ usageEvent })).toEqual(["usage_event_differs"]);
    }
    const { usageEvent: _usageEvent, ...orphan } = record();
    expect(comparePair({ record: orphan, event: event() }, SAME)).toHaveLength(1);
    const stream = { ...orphan, kind: "stream" as const };
    expect(comparePair({ record: stream, event: event() }, SAME)).toMatchObject([
      { kind: "usage_event_differs", detail: "the intent is confirmed and has no stream" },
    ]);
  });
});

describe("what the network still tells of", () => {
  const range = (fromLedger: number, toLedger: number) => ({ fromLedger, toLedger });
  const retention = { oldestLedger: 100, latestLedger: 200 };

  it("is the whole range, where it lies within", () => {
    expect(clipToRetention(range(100, 200), retention)).toEqual({ covered: range(100, 200) });
  });

  it("names the ledgers that are lost and those that are yet to come", () => {
    expect(clipToRetention(range(50, 250), retention)).toEqual({
      covered: range(116, 200),
      lost: range(50, 115),
      future: range(201, 250),
    });
    expect(clipToRetention(range(50, 60), retention)).toEqual({ lost: range(50, 60) });
    expect(clipToRetention(range(300, 310), retention)).toEqual({ future: range(300, 310) });
  });

  it("loses nothing on a network that remembers its genesis", () => {
    const young = { oldestLedger: 2, latestLedger: 200 };
    expect(clipToRetention(range(1, 50), young)).toEqual({ covered: range(2, 50) });
    expect(firstReadable(young)).toBe(2);
  });

  it("begins a little inside, since the window moves while it is read", () => {
    expect(firstReadable(retention)).toBe(116);
  });
});
