import type { FailureReason } from "@orrery/soroban/intent/failure";
import { describe, expect, it } from "vitest";
import { failureProblem } from "./failure-problem.ts";

const NOT_A_VAULTS_FAULT = "The network refused the deduction; nothing was charged.";

describe("failureProblem", () => {
  it.each<[FailureReason, string, string]>([
    ["insufficient_balance", "insufficient_balance", "balance is less than the amount"],
    ["contract_missing", "deduction_rejected", "contract is not on the network"],
    ["expired", "deduction_rejected", "could not be sent for too long"],
    ["contract_error", "deduction_rejected", "contract refused the deduction"],
    ["configuration", "deduction_rejected", NOT_A_VAULTS_FAULT],
    ["resources", "deduction_rejected", NOT_A_VAULTS_FAULT],
    ["operator", "deduction_rejected", NOT_A_VAULTS_FAULT],
  ])("says of %s: %s, and that nothing was charged", (reason, code, text) => {
    const problem = failureProblem({ reason });
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(text);
    expect(problem.message).toContain("nothing was charged");
    expect(problem.extensions).toEqual({});
  });

  it.each<FailureReason>(["contract_error", "resources"])(
    "gives the contract's error number where %s has one",
    (reason) => {
      expect(failureProblem({ reason, contractError: 36 }).extensions).toEqual({
        contractError: 36,
      });
    },
  );

  it("tells of a failure whose reason was not kept", () => {
    const problem = failureProblem(undefined);
    expect([problem.code, problem.message]).toEqual(["deduction_rejected", NOT_A_VAULTS_FAULT]);
  });
});
