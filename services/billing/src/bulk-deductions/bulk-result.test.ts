import { type ErrorCode, ProblemError } from "@orrery/common/contracts/errors";
import { problemDocument } from "@orrery/common/http/problem";
import { describe, expect, it } from "vitest";
import { problemResult } from "./bulk-result.ts";

function resultOf(code: ErrorCode, headers: Record<string, string> = {}) {
  const error = new ProblemError(code, "No.", { headers });
  return problemResult("req-1", error, problemDocument(error, "/bulk", "call-1"));
}

describe("the result of an entry that was not charged", () => {
  it.each<[ErrorCode, string, number]>([
    ["insufficient_balance", "failed", 402],
    ["deduction_rejected", "failed", 502],
    ["invalid_request", "rejected", 400],
    ["vault_not_found", "rejected", 404],
    ["request_id_mismatch", "rejected", 409],
    ["backlog_full", "rejected", 503],
    ["soroban_unavailable", "rejected", 503],
    ["billing_unavailable", "unknown", 503],
    ["internal_error", "unknown", 500],
  ])("says of %s that it is %s", (code, status, httpStatus) => {
    expect(resultOf(code)).toEqual({
      requestId: "req-1",
      status,
      httpStatus,
      code,
      problem: expect.objectContaining({ code, status: httpStatus, requestId: "call-1" }),
    });
  });

  it("says when to come back where the entry alone would have been told", () => {
    expect(resultOf("backlog_full", { "retry-after": "7" })).toMatchObject({
      retryAfterSeconds: 7,
    });
  });
});
