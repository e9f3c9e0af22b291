import { ProblemError } from "@orrery/common/contracts/errors";
import type { FastifyInstance, FastifyRequest } from "fastify";
import fp from "fastify-plugin";

const CONTINUE = /^100-continue$/i;

/**
 * What HTTP asks of whoever answers before the body has come: `100 Continue` is said only once the
 * request may go on, other expectations are refused, and so is leaving HTTP for a WebSocket.
 * @throws {ProblemError} expectation_failed, invalid_request
 * @see RFC 9110, section 10.1.1
 */
export const transportPlugin = fp(
  async (app: FastifyInstance) => {
    // Left to itself Node would say 100 before anybody has looked at the request.
    for (const event of ["checkContinue", "checkExpectation"]) {
      app.server.on(event, (...exchange: unknown[]) => app.server.emit("request", ...exchange));
    }
    app.addHook("onRequest", async (request, reply) => {
      const { expect, upgrade } = request.headers;
      if (upgrade !== undefined && /\bwebsocket\b/i.test(upgrade)) {
        throw new ProblemError("invalid_request", "WebSockets are not offered.", {
          headers: { connection: "close" },
        });
      }
      if (expect === undefined) return;
      // Whoever is refused now may or may not send the body: the connection cannot go on.
      reply.header("connection", "close");
      if (!CONTINUE.test(expect)) {
        throw new ProblemError("expectation_failed", "Only 100-continue can be expected.");
      }
    });
    app.addHook("preParsing", async (request: FastifyRequest, reply) => {
      if (request.headers.expect === undefined || request.is404) return;
      reply.removeHeader("connection");
      reply.raw.writeContinue();
    });
  },
  { name: "gateway-transport", fastify: "5.x" },
);
