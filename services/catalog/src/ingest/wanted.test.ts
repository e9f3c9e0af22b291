import { describe, expect, it } from "vitest";
import { wantedBy } from "./wanted.ts";

describe("a refused event", () => {
  it("wants the token or pool that it names and that is not there", () => {
    const burn = { payload: { tokenAddress: "A", amount: "1" } };
    expect(wantedBy(burn, "token_not_found")).toBe("token:A");
    expect(wantedBy({ payload: { poolId: "A" } }, "pool_not_found")).toBe("pool:A");
  });

  it("wants nothing when something else is in its way", () => {
    const burn = { payload: { tokenAddress: "A", amount: "1" } };
    expect(wantedBy(burn, "burn_exceeds_supply")).toBeUndefined();
    expect(wantedBy({ payload: {} }, "token_not_found")).toBeUndefined();
    expect(wantedBy({ payload: {} }, "pool_not_found")).toBeUndefined();
  });
});
