import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reserveInOrder } from "./reserve-in-order.ts";
import { isFull, MAX_SETTLEMENT_EVENTS, settlementRetryMs } from "./settlement.ts";

const stroops = fc.bigInt({ min: 1n, max: 50n });
const wishes = fc.array(fc.record({ key: fc.constantFrom("a", "b", "c"), amountStroops: stroops }));

describe("reserveInOrder", () => {
  it("never grants more than is available, and refuses only what does not fit at its turn", () => {
    const balance = fc.bigInt({ min: -20n, max: 200n });
    fc.assert(
      fc.property(wishes, balance, balance, (given, a, b) => {
        const left = new Map([
          ["a", a],
          ["b", b],
        ]);
        const granted = reserveInOrder(given, left);
        for (const [index, { key, amountStroops }] of given.entries()) {
          const rest = left.get(key) ?? 0n;
          expect(granted[index]).toBe(rest >= amountStroops);
          if (granted[index]) left.set(key, rest - amountStroops);
        }
        expect(left.get("a")).toBeGreaterThanOrEqual(a < 0n ? a : 0n);
      }),
    );
  });
});

describe("isFull", () => {
  it("is so at the sum that was asked for, or at the most events that there may be", () => {
    const small = { eventCount: 1, amountStroops: 10n };
    expect(isFull(small, undefined)).toBe(false);
    expect(isFull(small, 11n)).toBe(false);
    expect(isFull(small, 10n)).toBe(true);
    expect(isFull({ ...small, eventCount: MAX_SETTLEMENT_EVENTS }, undefined)).toBe(true);
  });
});

describe("settlementRetryMs", () => {
  it("doubles from one second to five minutes", () => {
    expect([1, 2, 3, 9, 10, 1_000].map(settlementRetryMs)).toEqual([
      1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
    ]);
  });
});
