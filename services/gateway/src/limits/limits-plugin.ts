import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, preParsingAsyncHookHandler } from "fastify";
import fp from "fastify-plugin";
import { bodyLimitOf } from "../proxy/request-body.ts";
import { countEntries } from "./bulk-entries.ts";
import { isCountedByEntries, limitGroupOf } from "./limit.ts";
import { rateLimitStoreOf } from "./rate-limit-store.ts";
import { type LimitsOptions, RequestLimits } from "./request-limits.ts";

declare module "fastify" {
  interface FastifyInstance {
    limits: Pick<RequestLimits, "count" | "assertMayTry" | "countFailure">;
  }
}

/**
 * Decorates the app with `limits`, counted by @fastify/rate-limit, and counts bulk calls by their
 * entries once their body is there.
 */
export const limitsPlugin = fp<LimitsOptions>(
  async (app: FastifyInstance, options) => {
    await app.register(rateLimit, { global: false, store: rateLimitStoreOf(options.quotas) });
    const limits = new RequestLimits(options, (limiter) => app.createRateLimit(limiter));
    app.decorate("limits", limits);
    app.addHook("onRoute", (route) => {
      const operation = route.config?.operation;
      if (operation === undefined || !isCountedByEntries(operation)) return;
      const group = limitGroupOf(operation);
      if (group === undefined) throw new Error(`${route.url} is counted in no group`);
      const countBody: preParsingAsyncHookHandler = async (request, reply, payload) => {
        const entries = await countEntries(request.raw, bodyLimitOf(operation));
        await limits.countMany(group, entries, request, reply);
        return payload;
      };
      route.preParsing = [...[route.preParsing ?? []].flat(), countBody];
    });
  },
  { name: "gateway-limits", fastify: "5.x" },
);
