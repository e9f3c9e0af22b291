import { describe, expect, it } from "vitest";
import { type ChargeTerms, decideAdoption } from "./decide-adoption.ts";

const wanted: ChargeTerms = {
  vaultContractId: "CVAULT",
  caller: "GCALLER",
  amountStroops: 15n,
  marker: "abc",
  payee: "GPAYEE",
};
const found = (terms: Partial<ChargeTerms> = {}) =>
  ({ kind: "found", txHash: "ff", ledger: 90, terms: { ...wanted, ...terms } }) as const;

describe("decideAdoption", () => {
  it("adopts a charge that agrees in everything", () => {
    expect(decideAdoption(wanted, found(), 95)).toEqual({
      kind: "adopt",
      confirmation: { evidence: "transaction", txHash: "ff", ledger: 90 },
    });
  });

  it("refuses a charge that differs in any one term, and names it", () => {
    const others: Partial<ChargeTerms>[] = [
      { vaultContractId: "COTHER" },
      { caller: "GOTHER" },
      { amountStroops: 16n },
      { marker: "abd" },
      { payee: "GOTHER" },
    ];
    for (const other of others) {
      const decision = decideAdoption(wanted, found(other), 95);
      const detail = `transaction ff differs in ${Object.keys(other)[0]}`;
      expect(decision).toMatchObject({ kind: "refuse", failure: { detail } });
    }
  });

  it("takes the marker for evidence when the original is past retention", () => {
    const original = { kind: "absent", oldestLedger: 80_000, latestLedger: 200_000 } as const;
    expect(decideAdoption(wanted, original, 200_000)).toEqual({
      kind: "adopt",
      confirmation: { evidence: "marker" },
    });
  });

  it("waits for a server that lags behind the marker, or lacks the transaction", () => {
    const lagging = { kind: "absent", oldestLedger: 80_000, latestLedger: 199_999 } as const;
    expect(decideAdoption(wanted, lagging, 200_000)).toEqual({ kind: "wait" });
    const unreadable = { kind: "unreadable", txHash: "ff" } as const;
    expect(decideAdoption(wanted, unreadable, 95)).toEqual({ kind: "wait" });
  });

  it("refuses what contradicts itself: a marker without a charge in a complete history", () => {
    const original = { kind: "absent", oldestLedger: 2, latestLedger: 100 } as const;
    expect(decideAdoption(wanted, original, 95).kind).toBe("refuse");
    expect(decideAdoption(wanted, { kind: "foreign", txHash: "ff" }, 95).kind).toBe("refuse");
  });
});
