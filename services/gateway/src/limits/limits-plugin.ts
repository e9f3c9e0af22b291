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
   * Counts the request in its tenant's group and says so in the `RateLimit` headers.
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
    const limiters: Record<LimitGroup, Limiter> = {
      "billing-write": perTenant("billing-write"),
      "billing-read": perTenant("billing-read"),
      "catalog-write": perTenant("catalog-write"),
      "catalog-read": perTenant("catalog-read"),
      // By address, a /64 of IPv6 being one: the library's own key.
      "auth-failure": app.createRateLimit({
        max: perMinute["auth-failure"],
        timeWindow: LIMIT_WINDOW_MS,
      }),
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
  const detail =
    group === "auth-failure"
      ? "Too many credentials from this address were refused."
      : `The tenant's limit for ${group} is used up.`;
  return new ProblemError("rate_limited", detail, {
    headers: { "retry-after": String(Math.max(1, retryAfterSeconds)) },
  });
}
