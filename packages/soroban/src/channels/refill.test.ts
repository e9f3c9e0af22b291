import { describe, expect, it } from "vitest";
import { stroopsOfXlm } from "./channel-refill.ts";
import { decideRefills } from "./decide-refill.ts";

describe("decideRefills", () => {
  const policy = { minBalanceStroops: 30n, fullBalanceStroops: 100n };

  it("fills up what is below the bound, and nothing that does not exist", () => {
    const readings = [
      { publicKey: "LOW", ledger: 1, balanceStroops: 29n },
      { publicKey: "ENOUGH", ledger: 1, balanceStroops: 30n },
      { publicKey: "NONE", ledger: 1 },
    ];
    expect(decideRefills(policy, readings)).toEqual([{ publicKey: "LOW", amountStroops: 71n }]);
  });
});

describe("stroopsOfXlm", () => {
  it("is exact", () => {
    expect(["10", "2.5", "0.0000001"].map(stroopsOfXlm)).toEqual([100_000_000n, 25_000_000n, 1n]);
  });

  it("takes nothing else", () => {
    for (const text of ["", "-1", "1.", "1.23456789", "ten"]) {
      expect(() => stroopsOfXlm(text)).toThrow("not an amount");
    }
  });
});
