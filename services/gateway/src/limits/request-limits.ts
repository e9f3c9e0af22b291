import rateLimit from "@fastify/rate-limit";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { LeasedQuotas } from "./leased-quotas.ts";
import {
  isCountedByEntries,
  LIMIT_GROUPS,
  LIMIT_WINDOW_MS,
  LIMITS,
  type LimitGroup,
  type LimitSettings,
} from "./limit.ts";
import type { TenantLimitWatch } from "./tenant-limit-watch.ts";

export interface LimitsOptions {
  /** Of the deployment. */
  perMinute: LimitSettings;
  quotas: LeasedQuotas;
  tenantLimits: Pick<TenantLimitWatch, "maxOf">;
}

type CreateLimiter = FastifyInstance["createRateLimit"];
type Limiter = ReturnType<CreateLimiter>;

interface WindowState {
  readonly max: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

const WINDOW_SECONDS = LIMIT_WINDOW_MS / 1_000;

/** Counts requests, each under its tenant, caller or address as its group has it. */
export class RequestLimits {
  readonly #options: LimitsOptions;
  readonly #limiters: ReadonlyMap<LimitGroup, Limiter>;

  constructor(options: LimitsOptions, createLimiter: CreateLimiter) {
    this.#options = options;
    const limiterOf = (group: LimitGroup) =>
      createLimiter({
        max: async (request: FastifyRequest) => this.#maxOf(group, request),
        timeWindow: LIMIT_WINDOW_MS,
        keyGenerator: (request) => keyOf(group, request),
      });
    this.#limiters = new Map(LIMIT_GROUPS.map((group) => [group, limiterOf(group)]));
  }

  /**
   * Counts the request in the group and says so in the `RateLimit` headers; one that is counted by its
   * entries is only refused when nothing is left, and counted by `countMany`.
   * @throws {ProblemError} rate_limited
   */
  async count(group: LimitGroup, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { operation } = request.routeOptions.config;
    if (operation !== undefined && isCountedByEntries(operation)) {
      this.#refuseSpent(group, await this.#maxOf(group, request), request, reply);
    } else {
      await this.#countOne(group, request, reply);
    }
  }

  /** Counts the request `count` times, or not at all. @throws {ProblemError} rate_limited */
  async countMany(
    group: LimitGroup,
    count: number,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const max = await this.#maxOf(group, request);
    const quota = { max, windowMs: LIMIT_WINDOW_MS };
    const key = keyOf(group, request);
    const { isTaken, remaining, resetMs } = await this.#options.quotas.take(key, count, quota);
    const state = { max, remaining, resetSeconds: Math.ceil(resetMs / 1_000) };
    void reply.headers(rateLimitHeaders(group, state));
    if (!isTaken) throw exceeded(group, state);
  }

  /**
   * Refuses an address with too many refused credentials, before another one is looked at.
   * @throws {ProblemError} rate_limited
   */
  async assertMayTry(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const group = "auth-failure";
    this.#refuseSpent(group, this.#options.perMinute[group], request, reply);
  }

  /** Counts a refused credential against its address. @throws {ProblemError} rate_limited */
  async countFailure(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await this.#countOne("auth-failure", request, reply);
  }

  async #countOne(group: LimitGroup, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const counted = await this.#limiters.get(group)?.(request);
    if (counted === undefined || counted.isAllowed) return;
    const { max, remaining, ttlInSeconds: resetSeconds, isExceeded } = counted;
    const state = { max, remaining, resetSeconds };
    void reply.headers(rateLimitHeaders(group, state));
    if (isExceeded) throw exceeded(group, state);
  }

  /** As far as this instance knows: nobody is asked. */
  #refuseSpent(group: LimitGroup, max: number, request: FastifyRequest, reply: FastifyReply): void {
    const quota = { max, windowMs: LIMIT_WINDOW_MS };
    const { remaining, resetMs } = this.#options.quotas.peek(keyOf(group, request), quota);
    if (remaining > 0) return;
    const state = { max, remaining, resetSeconds: Math.ceil(resetMs / 1_000) };
    void reply.headers(rateLimitHeaders(group, state));
    throw exceeded(group, state);
  }

  #maxOf(group: LimitGroup, { context }: FastifyRequest): number | Promise<number> {
    const { perMinute, tenantLimits } = this.#options;
    if (LIMITS[group].counts === "address") return perMinute[group];
    return tenantLimits.maxOf(context.tenantId, group);
  }
}

/** What a call is counted under; names its group, since all share a store. */
function keyOf(group: LimitGroup, { context, ip }: FastifyRequest): string {
  switch (LIMITS[group].counts) {
    case "tenant":
      return `${group}|${context.tenantId}`;
    case "principal":
      return `${group}|${context.tenantId}|${context.principal}`;
    case "address":
      // A /64 of IPv6 is one: whoever has an address of it has all.
      return `${group}|${rateLimit.normalizeIP(ip)}`;
  }
}

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
  { max, remaining, resetSeconds }: WindowState,
): Record<string, string> {
  return {
    "ratelimit-policy": `"${group}";q=${max};w=${WINDOW_SECONDS}`,
    ratelimit: `"${group}";r=${remaining};t=${resetSeconds}`,
  };
}

function exceeded(group: LimitGroup, { resetSeconds }: WindowState): ProblemError {
  return new ProblemError("rate_limited", detailOf(group), {
    headers: { "retry-after": String(Math.max(1, resetSeconds)) },
  });
}
