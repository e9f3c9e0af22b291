import { describe, expect, it } from "vitest";
import { observeLedger, pollDelayMs } from "./ledger-pace.ts";

const start = { latestLedger: 0, heardAtMs: 0, ledgerMs: 5_000 };

describe("observeLedger", () => {
  it("learns the rhythm from the answers", () => {
    let pace = start;
    for (let ledger = 1; ledger <= 30; ledger += 1)
      pace = observeLedger(pace, ledger, ledger * 100);
    expect(pace.ledgerMs).toBeGreaterThan(95);
    expect(pace.ledgerMs).toBeLessThan(120);
  });

  it("ignores a node that lags behind", () => {
    const pace = observeLedger(start, 10, 1_000);
    expect(observeLedger(pace, 9, 2_000)).toBe(pace);
  });

  it("never believes in a standstill", () => {
    let pace = observeLedger(start, 1, 0);
    for (let ledger = 2; ledger <= 60; ledger += 1) {
      pace = observeLedger(pace, ledger, ledger * 10_000_000);
    }
    expect(pace.ledgerMs).toBeLessThanOrEqual(15_000);
  });
});

describe("pollDelayMs", () => {
  it("makes at most two calls in a ledger", () => {
    const pace = { latestLedger: 1, heardAtMs: 0, ledgerMs: 5_000 };
    expect(pollDelayMs(pace, 1, 0)).toBe(2_500);
    expect(pollDelayMs(pace, 2, 0)).toBe(5_000);
  });
});
