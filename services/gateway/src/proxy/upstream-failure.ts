import { type ErrorCode, ProblemError } from "@orrery/common/contracts/errors";
import { errors } from "undici";

/** How an exchange with a service failed, for metrics and to choose the answer. */
export type FailureReason = "unreachable" | "timeout" | "broken" | "refused";

interface Failure {
  readonly reason: FailureReason;
  readonly problem: ProblemError;
}

/**
 * What the caller is told when a service did not answer. `isSent`: whether any of the request went
 * out, so that the service may have seen it. `unavailableCode`: what 503 is called on this route.
 */
export function failureOf(
  cause: Error,
  { isSent, unavailableCode }: { isSent: boolean; unavailableCode: ErrorCode },
): Failure {
  if (cause instanceof ProblemError) {
    return { reason: cause.code === "gateway_timeout" ? "timeout" : "refused", problem: cause };
  }
  if (cause instanceof errors.InvalidArgumentError || cause instanceof errors.NotSupportedError) {
    const detail = "The request cannot be passed on as it is.";
    return { reason: "refused", problem: new ProblemError("invalid_request", detail, { cause }) };
  }
  if (!isSent) {
    const options = { headers: { "retry-after": "1" }, cause };
    const detail = "The service cannot be reached now; nothing was sent to it.";
    return { reason: "unreachable", problem: new ProblemError(unavailableCode, detail, options) };
  }
  const detail = "The service's answer broke off; whether it acted is unknown.";
  return { reason: "broken", problem: new ProblemError("bad_gateway", detail, { cause }) };
}
