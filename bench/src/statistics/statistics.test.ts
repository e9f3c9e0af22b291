import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantile, ratios, summarize } from "./statistics.ts";

const positive = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
const rounds = fc.array(positive, { minLength: 1, maxLength: 12 });

describe("the summary of rounds", () => {
  it("takes the middle round, or the middle between two", () => {
    expect(summarize([3, 1, 2]).median).toBe(2);
    expect(summarize([4, 1, 2, 3]).median).toBe(2.5);
  });

  it("has no spread when every round says the same", () => {
    expect(summarize([7, 7, 7, 7, 7])).toEqual({ median: 7, least: 7, most: 7, spread: 0 });
  });

  it("measures the middle half of the rounds against the median", () => {
    expect(summarize([80, 90, 100, 110, 120]).spread).toBeCloseTo(0.2);
  });

  it("is not widened by one round that went astray", () => {
    expect(summarize([100, 100, 100, 100, 1]).spread).toBe(0);
  });

  it("does not depend on the order of the rounds", () => {
    fc.assert(
      fc.property(rounds, (runs) => {
        expect(summarize(runs.toReversed())).toEqual(summarize(runs));
      }),
    );
  });

  it("keeps the median between the least and the most", () => {
    fc.assert(
      fc.property(rounds, (runs) => {
        const { least, median, most } = summarize(runs);
        expect(least <= median && median <= most).toBe(true);
      }),
    );
  });

  it("refuses to summarize nothing", () => {
    expect(() => summarize([])).toThrow(RangeError);
  });
});

describe("quantiles", () => {
  it("interpolate between the two nearest runs", () => {
    expect(quantile([10, 20], 0.25)).toBe(12.5);
    expect(quantile([5, 1, 9], 0)).toBe(1);
    expect(quantile([5, 1, 9], 1)).toBe(9);
  });
});

describe("ratios", () => {
  it("compare each round with the rival's in the same round", () => {
    expect(ratios([10, 30], [5, 10])).toEqual([2, 3]);
  });

  it("cancel what slowed both halves of a round", () => {
    expect(summarize(ratios([100, 50, 25], [50, 25, 12.5])).spread).toBe(0);
  });

  it("refuse rounds that are not in pairs", () => {
    expect(() => ratios([1], [1, 2])).toThrow(RangeError);
  });
});
