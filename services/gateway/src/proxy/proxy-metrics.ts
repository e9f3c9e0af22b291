import type { Audience } from "@orrery/common/contracts/request-context";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import { Counter } from "@prometheus-io/client";
import type { FailureReason } from "./upstream-failure.ts";

export type ProxyMetrics = ReturnType<typeof createProxyMetrics>;

/** What became of exchanges that ended badly: this file is the one owner of these names. */
export function createProxyMetrics(registry: MetricsRegistry) {
  const failures = new Counter({
    name: "gateway_upstream_failures_total",
    help: "Exchanges with a service that failed, by service and reason.",
    labelNames: ["service", "reason"],
    registers: [registry],
  });
  const gone = new Counter({
    name: "gateway_callers_gone_total",
    help: "Requests whose caller went away before the answer was complete, by service.",
    labelNames: ["service"],
    registers: [registry],
  });
  return {
    failed: (service: Audience, reason: FailureReason) => failures.inc({ service, reason }),
    callerGone: (service: Audience) => gone.inc({ service }),
  };
}
