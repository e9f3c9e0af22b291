import type { HealthCheck } from "@orrery/common/contracts/health";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type { TenantLimitRepository } from "@orrery/common/repositories/tenant-limit/tenant-limit-repository";
import { Counter } from "@prometheus-io/client";
import type { GatewayConfig } from "../config.ts";
import { LeasedQuotas } from "./leased-quotas.ts";
import { limitsOf } from "./limit.ts";
import { RedisQuotaStore } from "./quota-store.redis.ts";
import type { LimitsOptions } from "./request-limits.ts";
import { TenantLimitWatch } from "./tenant-limit-watch.ts";

interface LimitsNeeds {
  readonly tenantLimits: TenantLimitRepository;
  readonly registry: MetricsRegistry;
  readonly onError: (error: unknown) => void;
}

interface ComposedLimits {
  readonly options: LimitsOptions & { readonly tenantLimits: TenantLimitWatch };
  readonly checks: readonly HealthCheck[];
  close(): Promise<void>;
}

const REDIS_HEALTH_TIMEOUT_MS = 2_000;
const REDIS_DEGRADED_MS = 1_000;
const steadyClock = () => performance.now();

/** Wires what calls are counted with. */
export function composeLimits(config: GatewayConfig, needs: LimitsNeeds): ComposedLimits {
  const { REDIS_URL: url, LIMIT_STORE_TIMEOUT_MS: timeoutMs } = config;
  const { registry, onError } = needs;
  const perMinute = limitsOf(config);
  const shared =
    url === undefined
      ? undefined
      : new RedisQuotaStore({ url, timeoutMs, clock: steadyClock, onError });
  const leases = new Counter({
    name: "gateway_limit_leases_total",
    help: "Takings of quotas, by where they are counted: shared by all instances, or in this one.",
    labelNames: ["source"],
    registers: [registry],
  });
  const tenantLimits = new TenantLimitWatch({
    limits: needs.tenantLimits,
    perMinute,
    monotonicClock: steadyClock,
    onError,
  });
  const quotas = new LeasedQuotas({
    shared,
    clock: steadyClock,
    onLease: (source) => leases.inc({ source }),
  });
  return {
    options: { perMinute, quotas, tenantLimits },
    checks: shared === undefined ? [] : [redisCheck(shared)],
    close: async () => {
      await tenantLimits.stop();
      await shared?.close();
    },
  };
}

/** Limits are counted without Redis too: nothing needs it. */
function redisCheck(store: RedisQuotaStore): HealthCheck {
  return {
    name: "redis",
    isRequired: false,
    timeoutMs: REDIS_HEALTH_TIMEOUT_MS,
    degradedAboveMs: REDIS_DEGRADED_MS,
    probe: async () => ((await store.isReachable()) ? "ok" : "down"),
  };
}
