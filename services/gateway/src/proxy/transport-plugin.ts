import type { IncomingMessage } from "node:http";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";

const CONTINUE = /^100-continue$/i;
/** More headers than any caller has a use for; each is looked at several times on its way. */
const MAX_HEADERS = 100;

/**
 * What HTTP asks of whoever answers before the body has come: `100 Continue` is said only once the
 * request may go on, other expectations are refused, and so is leaving HTTP for a WebSocket. A request
 * for two hosts, or with its target in another form than a path, is refused: two parties could each
 * believe another one.
 * @throws {ProblemError} expectation_failed, invalid_request, headers_too_large
 * @see RFC 9110, section 10.1.1; RFC 9112, section 3.2
 */
export const transportPlugin = fp(
  async (app: FastifyInstance) => {
    // Left to itself Node would say 100 before anybody has looked at the request.
    for (const event of ["checkContinue", "checkExpectation"]) {
      app.server.on(event, (...exchange: unknown[]) => app.server.emit("request", ...exchange));
    }
    // Hooks that run for every request take callbacks: a promise each is what they would mostly cost.
    app.addHook("onRequest", ({ raw }, reply, done) => {
      assertPlain(raw, reply);
      const { expect, upgrade } = raw.headers;
      if (upgrade !== undefined && /\bwebsocket\b/i.test(upgrade)) {
        throw new ProblemError("invalid_request", "WebSockets are not offered.", {
          headers: { connection: "close" },
        });
      }
      if (expect === undefined) return done();
      // Whoever is refused now may or may not send the body: the connection cannot go on.
      reply.header("connection", "close");
      if (!CONTINUE.test(expect)) {
        throw new ProblemError("expectation_failed", "Only 100-continue can be expected.");
      }
      done();
    });
    app.addHook("preParsing", (request: FastifyRequest, reply, _payload, done) => {
      if (request.headers.expect === undefined || request.is404) return done();
      reply.removeHeader("connection");
      reply.raw.writeContinue();
      done();
    });
  },
  { name: "gateway-transport", fastify: "5.x" },
);

function assertPlain(request: IncomingMessage, reply: FastifyReply): void {
  const { url, rawHeaders, headers, httpVersion } = request;
  const isOld = httpVersion !== "1.1";
  if (isOld && (httpVersion !== "1.0" || headers["transfer-encoding"] !== undefined)) {
    reply.header("connection", "close");
    throw new ProblemError("invalid_request", "Speak HTTP/1.1, or HTTP/1.0 without chunks.");
  }
  if (url?.startsWith("/") !== true) {
    throw new ProblemError("invalid_request", "The target of a request is a path.");
  }
  if (rawHeaders.length > MAX_HEADERS * 2) {
    reply.header("connection", "close");
    throw new ProblemError("headers_too_large", `A request has at most ${MAX_HEADERS} headers.`);
  }
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts += 1;
  }
  if (hosts > 1) throw new ProblemError("invalid_request", "A request has one Host.");
}
