import { describe, expect, it } from "vitest";
import { growthOf } from "./memory-samples.ts";

describe("the growth of memory", () => {
  it("is 1 when it stays flat after the start", () => {
    expect(growthOf([10, 50, 100, 100, 100, 100, 100, 100])).toBe(1);
  });

  it("shows memory that grows with what was done", () => {
    expect(growthOf([100, 110, 120, 130, 140, 150, 160, 170])).toBeCloseTo(1.32, 2);
  });

  it("refuses to tell from too few samples", () => {
    expect(() => growthOf([1, 2, 3])).toThrow(RangeError);
  });
});
