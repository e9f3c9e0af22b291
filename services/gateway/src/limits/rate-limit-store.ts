import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from "@fastify/rate-limit";
import type { LeasedQuotas } from "./leased-quotas.ts";

type Callback = Parameters<FastifyRateLimitStore["incr"]>[1];

/**
 * The store that @fastify/rate-limit counts in. It knows a count alone: one above the maximum says that
 * nothing was taken. Keys name their group, so that all limiters share one.
 */
export function rateLimitStoreOf(quotas: LeasedQuotas): FastifyRateLimitStoreCtor {
  return class RateLimitStore implements FastifyRateLimitStore {
    incr(key: string, callback: Callback, windowMs: number, max: number): void {
      quotas
        .take(key, 1, { max, windowMs })
        .then(
          ({ isTaken, remaining, resetMs }) =>
            callback(null, { current: isTaken ? max - remaining : max + 1, ttl: resetMs }),
          callback,
        );
    }

    child(): RateLimitStore {
      return this;
    }
  };
}
