import { type OutgoingMessage, STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { ERRORS, type ErrorCode, ProblemError } from "../contracts/errors.ts";
import { uuidv7 } from "../contracts/id.ts";
import { PROBLEM_CONTENT_TYPE, problemDocument } from "./problem.ts";
import { REQUEST_ID_HEADER } from "./request-id.ts";

const CLIENT_ERRORS: Readonly<Record<string, readonly [ErrorCode, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ["request_timeout", "Send the whole request sooner."],
  HPE_HEADER_OVERFLOW: ["headers_too_large", "Send fewer or shorter headers."],
};

/**
 * Answers what is not HTTP enough to become a request (broken framing, too large headers, too slow)
 * as problem details, and closes the connection: what follows on it cannot be trusted.
 */
export function answerClientError(
  headers: Readonly<Record<string, string>>,
): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    const current = (socket as { _httpMessage?: OutgoingMessage })._httpMessage;
    // Half an answer is already out: another one would be read as a part of it.
    if (error.code === "ECONNRESET" || !socket.writable || current?.headersSent === true) {
      socket.destroy();
      return;
    }
    const [code, detail] = CLIENT_ERRORS[error.code ?? ""] ?? [
      "invalid_request",
      "The request is not valid HTTP.",
    ];
    const requestId = uuidv7();
    const body = JSON.stringify(problemDocument(new ProblemError(code, detail), "/", requestId));
    const lines = [
      `HTTP/1.1 ${ERRORS[code].status} ${STATUS_CODES[ERRORS[code].status]}`,
      `content-type: ${PROBLEM_CONTENT_TYPE}`,
      `content-length: ${Buffer.byteLength(body)}`,
      `${REQUEST_ID_HEADER}: ${requestId}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      "connection: close",
    ];
    socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
  };
}
