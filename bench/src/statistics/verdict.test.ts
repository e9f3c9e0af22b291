import { describe, expect, it } from "vitest";
import { isFailure, judge, type Target } from "./verdict.ts";

const summary = (median: number, spread: number) => ({ median, spread, least: 0, most: 0 });
const atLeast: Target = { of: "ratio", atLeast: 1, goal: 1.5 };
const atMost: Target = { of: "value", atMost: 20 };

describe("the verdict on a figure", () => {
  it("meets a lower bound from above and an upper bound from below", () => {
    expect(judge(summary(1.2, 0.02), atLeast)).toBe("met");
    expect(judge(summary(12, 0.02), atMost)).toBe("met");
  });

  it("counts the bound itself as met", () => {
    expect(judge(summary(1, 0), atLeast)).toBe("met");
    expect(judge(summary(20, 0), atMost)).toBe("met");
  });

  it("says when the goal beyond the target is met too", () => {
    expect(judge(summary(1.5, 0), atLeast)).toBe("goal met");
    expect(judge(summary(9, 0), { ...atMost, goal: 10 })).toBe("goal met");
  });

  it("misses what is short of the target by more than the noise", () => {
    expect(judge(summary(0.9, 0.1), atLeast)).toBe("missed");
    expect(judge(summary(25, 0.1), atMost)).toBe("missed");
  });

  it("does not fail on what is short by less than the noise", () => {
    expect(judge(summary(0.97, 0.1), atLeast)).toBe("within noise");
    expect(judge(summary(20.5, 0.1), atMost)).toBe("within noise");
    expect(isFailure("within noise")).toBe(false);
  });

  it("calls a figure noise whose rounds differ too much, target or not", () => {
    expect(judge(summary(1.2, 0.4), atLeast)).toBe("noise");
    expect(judge(summary(1.2, 0.4), undefined)).toBe("noise");
  });

  it("still misses when even the noise does not reach the target", () => {
    expect(judge(summary(0.5, 0.4), atLeast)).toBe("missed");
    expect(isFailure(judge(summary(0.5, 0.4), atLeast))).toBe(true);
  });

  it("has nothing to say without a target", () => {
    expect(judge(summary(3, 0), undefined)).toBe("no target");
  });
});
