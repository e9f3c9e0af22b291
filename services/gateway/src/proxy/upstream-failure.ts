import { type ErrorCode, ProblemError } from "@orrery/common/contracts/errors";
import { errors } from "undici";
import { unauthenticated } from "../credentials/grant.ts";
import type { EndReason } from "./event-streams/event-streams.ts";

/** How an exchange with a service failed, for metrics and to choose the answer. */
export type FailureReason = "unreachable" | "full" | "timeout" | "broken" | "refused";

/** Every instance has as many requests as it may have. */
export class UpstreamFull extends Error {}

const RETRY_SOON = { "retry-after": "1" };

/** Whether it speaks against the instance that was asked, and not against the request. */
export function isOfInstance(reason: FailureReason): boolean {
  return reason !== "refused" && reason !== "full";
}

/** What a reader is told whose stream had to end before it began. */
export function endedBy(reason: EndReason): ProblemError {
  if (reason === "revoked" || reason === "expired") {
    return unauthenticated("The credential is no longer valid.");
  }
  return new ProblemError("service_unavailable", "Streams are not served here now.", {
    headers: RETRY_SOON,
  });
}

interface Failure {
  readonly reason: FailureReason;
  readonly problem: ProblemError;
}

/**
 * What the caller is told when a service did not answer. `isSent`: whether any of the request went
 * out, in any try, so that the service may have seen it. `unavailableCode`: what 503 is called on this route.
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
  if (cause instanceof UpstreamFull) {
    const sent = isSent ? "whether it acted is unknown" : "nothing was sent to it";
    const detail = `The service has as much to do as it can take; ${sent}.`;
    const problem = new ProblemError(unavailableCode, detail, { headers: RETRY_SOON });
    return { reason: "full", problem };
  }
  if (!isSent) {
    const options = { headers: RETRY_SOON, cause };
    const detail = "The service cannot be reached now; nothing was sent to it.";
    return { reason: "unreachable", problem: new ProblemError(unavailableCode, detail, options) };
  }
  const detail = "The service's answer broke off; whether it acted is unknown.";
  return { reason: "broken", problem: new ProblemError("bad_gateway", detail, { cause }) };
}
