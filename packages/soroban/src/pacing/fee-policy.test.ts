import { describe, expect, it } from "vitest";
import type { FeeStatsAnswer } from "../rpc/soroban-rpc.ts";
import { inclusionFeeStroops } from "./fee-policy.ts";

const policy = { minInclusionFeeStroops: 100n, maxInclusionFeeStroops: 5_000n };
const stats = (p50: string): FeeStatsAnswer => ({
  latestLedger: 1,
  sorobanInclusionFee: { p50, p90: "99999999", max: "999999999" },
});

describe("inclusionFeeStroops", () => {
  it("bids what others usually pay, whatever a few of them (or our own bumps) paid", () => {
    expect(inclusionFeeStroops(policy, stats("750"), 0)).toBe(750n);
  });

  it("bids more with every attempt that died, never above the bound", () => {
    expect(inclusionFeeStroops(policy, stats("750"), 2)).toBe(3_000n);
    expect(inclusionFeeStroops(policy, stats("750"), 60)).toBe(5_000n);
    expect(inclusionFeeStroops(policy, stats("900000"), 0)).toBe(5_000n);
  });

  it("falls back to the minimum without usable statistics", () => {
    expect(inclusionFeeStroops(policy, undefined, 0)).toBe(100n);
    expect(inclusionFeeStroops(policy, stats("-7"), 0)).toBe(100n);
    expect(inclusionFeeStroops(policy, stats("a lot"), 0)).toBe(100n);
  });
});
