import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { ProblemError } from "../../contracts/errors.ts";

/** Where routes for operators and services live; the gateway never passes them on. */
export const INTERNAL_PREFIX = "/internal/v1";

interface InternalPluginOptions {
  /** Any of them is believed, so that one can be replaced by another. */
  tokens: readonly string[];
}

const BEARER = /^Bearer ([!-~]{1,1024})$/;

/**
 * Makes every route of the encapsulating scope want a service credential.
 * @throws {ProblemError} unauthenticated
 */
export const internalPlugin = fp<InternalPluginOptions>(
  async (app: FastifyInstance, { tokens }) => {
    const digests = tokens.map(digestOf);
    app.addHook("onRequest", (request: FastifyRequest, _reply, done) => {
      const [, token] = BEARER.exec(request.headers.authorization ?? "") ?? [];
      const digest = digestOf(token ?? "");
      // All are compared, so that the time tells nothing of which came close.
      const matches = digests.filter((known) => timingSafeEqual(known, digest));
      if (token === undefined || matches.length === 0) {
        throw new ProblemError("unauthenticated", "This route wants a service credential.", {
          headers: { "www-authenticate": "Bearer" },
        });
      }
      done();
    });
  },
  { name: "orrery-internal", fastify: "5.x" },
);

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
