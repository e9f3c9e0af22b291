import rateLimit from "@fastify/rate-limit";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import fp from "fastify-plugin";
import { LIMIT_WINDOW_MS, type LimitGroup, type LimitSettings } from "./limit.ts";

declare module "fastify" {
  interface FastifyInstance {
    limits: Limits;
  }
}

interface Limits {
  /**
   * Counts the request in the group, of its tenant, caller or address as the group has it, and says so
   * in the `RateLimit` headers.
   * @throws {ProblemError} rate_limited
   */
  count(group: LimitGroup, request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /**
   * Refuses an address with too many refused credentials, before another one is looked at.
   * @throws {ProblemError} rate_limited
   */
  assertMayTry(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Counts a refused credential against its address. @throws {ProblemError} rate_limited */
  countFailure(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

interface LimitsOptions {
  perMinute: LimitSettings;
}

type Limiter = ReturnType<FastifyInstance["createRateLimit"]>;

const WINDOW_SECONDS = LIMIT_WINDOW_MS / 1_000;

/** Decorates the app with `limits`, counted by @fastify/rate-limit in this process. */
export const limitsPlugin = fp<LimitsOptions>(
  async (app: FastifyInstance, { perMinute }) => {
    await app.register(rateLimit, { global: false });
    const perTenant = (group: LimitGroup): Limiter =>
      app.createRateLimit({
        max: perMinute[group],
        timeWindow: LIMIT_WINDOW_MS,
        keyGenerator: (request) => request.context.tenantId,
      });
    // A /64 of IPv6 being one: the library's own key.
    const perAddress = (group: LimitGroup): Limiter =>
      app.createRateLimit({ max: perMinute[group], timeWindow: LIMIT_WINDOW_MS });
    const limiters: Record<LimitGroup, Limiter> = {
      "billing-write": perTenant("billing-write"),
      "billing-read": perTenant("billing-read"),
      "catalog-write": perTenant("catalog-write"),
      "catalog-read": perTenant("catalog-read"),
      exports: app.createRateLimit({
        max: perMinute.exports,
        timeWindow: LIMIT_WINDOW_MS,
        keyGenerator: ({ context }) => `${context.tenantId}|${context.principal}`,
      }),
      "signed-link": perAddress("signed-link"),
      "auth-failure": perAddress("auth-failure"),
    };
    const apply = async (
      group: LimitGroup,
      request: FastifyRequest,
      reply: FastifyReply,
      mode: "count" | "peek",
    ) => {
      const state = await limiters[group](request, { increment: mode === "count" });
      if (state.isAllowed) return;
      const { max, remaining, ttlInSeconds, isExceeded } = state;
      if (mode === "peek" && !isExceeded) return;
      void reply.headers(rateLimitHeaders(group, { max, remaining, resetSeconds: ttlInSeconds }));
      if (isExceeded) throw exceeded(group, ttlInSeconds);
    };
    app.decorate("limits", {
      count: (group, request, reply) => apply(group, request, reply, "count"),
      assertMayTry: (request, reply) => apply("auth-failure", request, reply, "peek"),
      countFailure: (request, reply) => apply("auth-failure", request, reply, "count"),
    });
  },
  { name: "gateway-limits", fastify: "5.x" },
);

function detailOf(group: LimitGroup): string {
  switch (group) {
    case "auth-failure":
      return "Too many credentials from this address were refused.";
    case "signed-link":
      return "Too many signed links were followed from this address.";
    case "exports":
      return "The caller's limit for exports is used up.";
    default:
      return `The tenant's limit for ${group} is used up.`;
  }
}

/** @see draft-ietf-httpapi-ratelimit-headers-10 */
function rateLimitHeaders(
  group: LimitGroup,
  { max, remaining, resetSeconds }: { max: number; remaining: number; resetSeconds: number },
): Record<string, string> {
  return {
    "ratelimit-policy": `"${group}";q=${max};w=${WINDOW_SECONDS}`,
    ratelimit: `"${group}";r=${remaining};t=${resetSeconds}`,
  };
}

function exceeded(group: LimitGroup, retryAfterSeconds: number): ProblemError {
  return new ProblemError("rate_limited", detailOf(group), {
    headers: { "retry-after": String(Math.max(1, retryAfterSeconds)) },
  });
}
