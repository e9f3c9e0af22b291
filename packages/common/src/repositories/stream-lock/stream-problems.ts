import { ProblemError } from "../../contracts/errors.ts";

const RETRY_SOON = { headers: { "retry-after": "1" } };

/** Others work on the stream for too long. */
export function streamBusy(cause?: unknown): ProblemError {
  const detail = "Others are changing this stream; nothing was done. Try again.";
  return new ProblemError("stream_busy", detail, { ...RETRY_SOON, cause });
}

export function tooManyWait(): ProblemError {
  const detail = "Too many requests are waiting for their streams; nothing was done.";
  return new ProblemError("service_unavailable", detail, RETRY_SOON);
}
