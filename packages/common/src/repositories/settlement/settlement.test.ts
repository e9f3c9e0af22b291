import { describe, expect, it } from "vitest";
import { isFull, MAX_SETTLEMENT_EVENTS, settlementRetryMs } from "./settlement.ts";

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
