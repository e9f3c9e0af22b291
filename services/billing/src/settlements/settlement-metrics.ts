import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import { Counter } from "@prometheus-io/client";

/** The metrics of settlements: this file is the one owner of their names. */
export function createSettlementMetrics(registry: MetricsRegistry) {
  const settlements = new Counter({
    name: "billing_settlements_total",
    help: "Ends of aggregated settlements' charges: confirmed, or failed and to be tried again.",
    labelNames: ["outcome"],
    registers: [registry],
  });
  for (const outcome of ["confirmed", "failed"]) settlements.inc({ outcome }, 0);
  return { resolved: (outcome: "confirmed" | "failed") => settlements.inc({ outcome }) };
}
