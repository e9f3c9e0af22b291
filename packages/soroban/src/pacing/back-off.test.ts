import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backOffMs, rearmDueAtMs } from "./back-off.ts";

describe("backOffMs", () => {
  it("doubles up to its bound", () => {
    const policy = { baseMs: 100, maxMs: 500 };
    expect([1, 2, 3, 4, 90].map((attempt) => backOffMs(policy, attempt, 0))).toEqual([
      100, 200, 400, 500, 500,
    ]);
  });

  it("stays between half and the whole, whatever the dice say", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const full = backOffMs({ baseMs: 100, maxMs: 5_000 }, attempt, 0);
          const jittered = backOffMs({ baseMs: 100, maxMs: 5_000 }, attempt, random);
          expect(jittered).toBeGreaterThanOrEqual(full / 2);
          expect(jittered).toBeLessThanOrEqual(full);
        },
      ),
    );
  });
});

describe("rearmDueAtMs", () => {
  it("lets a retry that comes late start at once", () => {
    expect(rearmDueAtMs(60_000, 10_000, 3)).toBe(60_000);
  });

  it("holds back a retry that comes at once, longer with every attempt", () => {
    expect(rearmDueAtMs(10_001, 10_000, 1)).toBe(10_250);
    expect(rearmDueAtMs(10_001, 10_000, 4)).toBe(12_000);
  });
});
