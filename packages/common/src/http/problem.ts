import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import {
  ERRORS,
  type ErrorCode,
  type FieldError,
  ProblemError,
  problemType,
} from "../contracts/errors.ts";

export const PROBLEM_CONTENT_TYPE = "application/problem+json; charset=utf-8";

/** What goes over the wire for an error. @see RFC 9457 */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  code: ErrorCode;
  requestId: string;
  errors?: readonly FieldError[];
  [extension: string]: unknown;
}

/** Errors that Fastify raises before a handler runs, by its codes. */
const FRAMEWORK_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ["unsupported_media_type", "Send application/json."],
  FST_ERR_CTP_BODY_TOO_LARGE: ["payload_too_large", "The body is larger than this route takes."],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [
    "invalid_request",
    "The body's length is not its Content-Length.",
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: ["malformed_json", "The body is empty."],
  FST_ERR_CTP_INVALID_JSON_BODY: ["malformed_json", "The body is not valid JSON."],
  FST_ERR_BAD_URL: ["invalid_request", "The path is not a valid URL."],
  FST_ERR_MAX_PARAM_LENGTH: ["uri_too_long", "A path parameter is longer than this route takes."],
};

/** Turns whatever was thrown into the one public error; what is not ours becomes a bare 500. */
export function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const { code, statusCode } = error as Partial<FastifyError>;
  const known = code === undefined ? undefined : FRAMEWORK_ERRORS[code];
  if (known !== undefined) return new ProblemError(known[0], known[1], { cause: error });
  if (error instanceof SyntaxError && statusCode === 400) {
    return new ProblemError("malformed_json", "The body is not valid JSON.", { cause: error });
  }
  return new ProblemError("internal_error", "The request could not be completed.", {
    cause: error,
  });
}

export function problemDocument(
  error: ProblemError,
  instance: string,
  requestId: string,
): ProblemDocument {
  const { title, status } = ERRORS[error.code];
  return {
    ...error.extensions,
    type: problemType(error.code),
    title,
    status,
    detail: error.message,
    instance,
    code: error.code,
    requestId,
    ...(error.errors === undefined ? {} : { errors: error.errors }),
  };
}

/** The path of a URL, without its query: a problem's `instance`. */
export function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "/";
}

/** The one way an error leaves a service. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  thrown: unknown,
  instance: string = pathOf(request.url),
): void {
  const error = toProblemError(thrown);
  if (error.status >= 500) request.log.error({ err: error, code: error.code }, "request failed");
  // Serialised here, so that a route's own response schemas never strip a problem's members.
  void reply
    .code(error.status)
    .headers(error.headers)
    .type(PROBLEM_CONTENT_TYPE)
    .serializer((document: unknown) => JSON.stringify(document))
    .send(problemDocument(error, instance, request.id));
}
