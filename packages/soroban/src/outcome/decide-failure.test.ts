import { describe, expect, it } from "vitest";
import { decideContractError, decideFailure, MAX_ENGINE_RETRIES } from "./decide-failure.ts";

describe("decideContractError", () => {
  it("maps 5 to an insufficient balance", () => {
    expect(decideContractError(5)).toEqual({
      kind: "give_up",
      failure: { reason: "insufficient_balance", contractError: 5 },
    });
  });

  it("never gives up on 29: the charge may have happened", () => {
    expect(decideContractError(29)).toEqual({ kind: "adopt" });
  });

  it("keeps the number of every other error", () => {
    for (const contractError of [1, 3, 4, 6, 7, 9, 35, 36, 4_000]) {
      expect(decideContractError(contractError)).toEqual({
        kind: "give_up",
        failure: { reason: "contract_error", contractError },
      });
    }
  });
});

describe("decideFailure", () => {
  const one = { purpose: "charge", riders: 1 } as const;
  const curable = [
    "invokeHostFunctionResourceLimitExceeded",
    "invokeHostFunctionEntryArchived",
    "invokeHostFunctionInsufficientRefundableFee",
  ];

  it("tries again after a failure of resources, five times and no more", () => {
    for (const code of curable) {
      expect(decideFailure({ ...one, code, retryCount: MAX_ENGINE_RETRIES - 1 }).kind).toBe(
        "retry",
      );
      expect(decideFailure({ ...one, code, retryCount: MAX_ENGINE_RETRIES })).toEqual({
        kind: "give_up",
        failure: { reason: "resources", detail: code },
      });
    }
  });

  it("reads the marker when a trap has no number: it may hide a duplicate", () => {
    for (const code of ["invokeHostFunctionTrapped", "unreadable"]) {
      expect(decideFailure({ ...one, code, retryCount: 0 }).kind).toBe("read_marker");
    }
  });

  it("lets the contract's number decide where there is one", () => {
    const code = "invokeHostFunctionTrapped";
    expect(decideFailure({ ...one, code, contractError: 29, retryCount: 0 }).kind).toBe("adopt");
  });

  it("splits a batch whatever the contract said: its number is about one of them only", () => {
    const code = "invokeHostFunctionTrapped";
    for (const contractError of [5, 29, 4, undefined]) {
      const numbered = contractError === undefined ? {} : { contractError };
      const failed = { ...one, riders: 2, retryCount: 4, code, ...numbered };
      expect(decideFailure(failed)).toMatchObject({ kind: "split", failure: numbered });
    }
    const tooBig = { ...one, riders: 2, retryCount: 0, code: curable[0] ?? "" };
    expect(decideFailure(tooBig).kind).toBe("retry");
  });

  it("takes a failed restoration up again, as a matter of resources", () => {
    const failed = { ...one, purpose: "restore", code: "restoreFootprintMalformed" } as const;
    expect(decideFailure({ ...failed, retryCount: 4 }).kind).toBe("retry");
    expect(decideFailure({ ...failed, retryCount: 5 })).toMatchObject({
      kind: "give_up",
      failure: { reason: "resources" },
    });
  });
});
