import type { FastifyInstance, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { type Clock, systemClock } from "../contracts/clock.ts";
import { ProblemError } from "../contracts/errors.ts";
import { SIGNED_LINK } from "../contracts/operations.ts";
import type { Audience, RequestContext } from "../contracts/request-context.ts";
import type { ContextKey } from "./context-keys.ts";
import "./operation-route.ts";
import { CONTEXT_HEADER } from "./signed-context.ts";
import { VerifiedContexts } from "./verified-contexts.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who is asking; set before any handler, but where a signed link is the credential. */
    context: RequestContext;
  }
}

interface ContextPluginOptions {
  audience: Audience;
  keys: readonly ContextKey[];
  clock?: Clock;
}

/**
 * Makes every route of the encapsulating scope want a context signed by the gateway, and the scope
 * that the operations table names for it.
 * @throws {ProblemError} unauthenticated, insufficient_scope
 */
export const contextPlugin = fp<ContextPluginOptions>(
  async (app: FastifyInstance, { audience, keys, clock = systemClock }) => {
    app.addHook("onRoute", (route) => {
      if (route.config?.operation === undefined) {
        throw new Error(`${String(route.method)} ${route.url} is not in the operations table`);
      }
    });
    const verified = new VerifiedContexts(audience, keys, clock);
    // A callback, not a promise: it runs before every route.
    app.addHook("onRequest", (request: FastifyRequest, _reply, done) => {
      const header = request.headers[CONTEXT_HEADER];
      const context = typeof header === "string" ? verified.verify(header) : undefined;
      if (context === undefined) {
        throw new ProblemError("unauthenticated", "Call this service through the gateway.", {
          headers: { "www-authenticate": "Bearer" },
        });
      }
      const scope = request.routeOptions.config.operation?.scope;
      if (scope === SIGNED_LINK) return done();
      request.context = context;
      if (scope === undefined || !context.scopes.includes(scope)) {
        throw new ProblemError("insufficient_scope", `This call needs the scope ${scope}.`);
      }
      done();
    });
  },
  { name: "orrery-context", fastify: "5.x" },
);
