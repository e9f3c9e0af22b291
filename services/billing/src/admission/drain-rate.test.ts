import { describe, expect, it } from "vitest";
import { DrainRate } from "./drain-rate.ts";

/** Looks once a second; every `ledgerSeconds` a lump of `drained` is settled. */
function observeLedgers(rate: DrainRate, seconds: number, ledgerSeconds: number, drained: number) {
  for (let second = 1; second <= seconds; second += 1) {
    const lump = second % ledgerSeconds === 0 ? drained : 0;
    rate.observe({ elapsedMs: 1_000, drained: lump, remaining: 10_000 });
  }
}

describe("DrainRate", () => {
  it("is unknown until it was seen under load for long enough", () => {
    const rate = new DrainRate();
    expect(rate.perSecond).toBeUndefined();
    observeLedgers(rate, 9, 1, 100);
    expect(rate.perSecond).toBeUndefined();
    observeLedgers(rate, 1, 1, 100);
    expect(rate.perSecond).toBe(100);
  });

  it("evens out the lumps of the ledgers", () => {
    const rate = new DrainRate();
    observeLedgers(rate, 30, 5, 500);
    expect(rate.perSecond).toBe(100);
  });

  it("learns nothing from a system that has nothing left to do", () => {
    const rate = new DrainRate();
    for (let second = 0; second < 100; second += 1) {
      rate.observe({ elapsedMs: 1_000, drained: 1, remaining: 0 });
    }
    expect(rate.perSecond).toBeUndefined();
  });

  it("keeps its measure through an outage of an hour", () => {
    const rate = new DrainRate();
    observeLedgers(rate, 30, 5, 500);
    for (let second = 0; second < 3_600; second += 1) {
      rate.observe({ elapsedMs: 1_000, drained: 0, remaining: 50_000 });
    }
    expect(rate.perSecond).toBe(100);
    observeLedgers(rate, 5, 5, 500);
    expect(rate.perSecond).toBeGreaterThan(70);
  });

  it("counts an outage, however long, as a short pause of its pace", () => {
    const rate = new DrainRate();
    rate.observe({ elapsedMs: 3_600_000, drained: 1_500, remaining: 1 });
    expect(rate.perSecond).toBe(100);
    // An idle system between two ledgers is no part of the pace either.
    rate.observe({ elapsedMs: 5_000, drained: 0, remaining: 1 });
    rate.observe({ elapsedMs: 5_000, drained: 0, remaining: 0 });
    rate.observe({ elapsedMs: 5_000, drained: 500, remaining: 1 });
    expect(rate.perSecond).toBe(100);
  });

  it("forgets within a minute of load what is no longer so", () => {
    const rate = new DrainRate();
    observeLedgers(rate, 60, 5, 5_000);
    observeLedgers(rate, 65, 5, 50);
    expect(rate.perSecond).toBe(10);
  });
});
