import type { ProblemError } from "@orrery/common/contracts/errors";
import type { ProblemDocument } from "@orrery/common/http/problem";
import type { Static } from "typebox";
import { chargedReply, pendingReply } from "../deductions/deduction-reply.ts";
import type { DeductionOutcome } from "../deductions/deduction-service.ts";
import type { BulkReply } from "./bulk-deductions.schemas.ts";

export type BulkResult = Static<typeof BulkReply>["results"][number];

/** What became of an entry that was accepted, now or before. */
export function outcomeResult({ status, event }: DeductionOutcome): BulkResult {
  switch (status) {
    case "charged":
      return { ...chargedReply(event, false), httpStatus: 201 };
    case "already_charged":
      return { ...chargedReply(event, true), httpStatus: 200 };
    case "pending":
    case "reserved":
      return { ...pendingReply(event), httpStatus: 202 };
  }
}

/** The answer of an entry that charged nobody, or of which nobody can tell. */
export function problemResult(
  requestId: string | null,
  error: ProblemError,
  problem: ProblemDocument,
): BulkResult {
  const retryAfter = error.headers["retry-after"];
  return {
    requestId,
    status: statusOf(error),
    httpStatus: error.status,
    code: error.code,
    ...(retryAfter === undefined ? {} : { retryAfterSeconds: Number(retryAfter) }),
    problem,
  };
}

function statusOf({ code, status }: ProblemError): "failed" | "rejected" | "unknown" {
  switch (code) {
    case "insufficient_balance":
    case "deduction_rejected":
      return "failed";
    case "backlog_full":
    case "soroban_unavailable":
      return "rejected";
    default:
      return status >= 500 ? "unknown" : "rejected";
  }
}
