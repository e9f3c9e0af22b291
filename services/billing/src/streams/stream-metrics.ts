import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import { Counter } from "@prometheus-io/client";

export type StreamMetrics = ReturnType<typeof createStreamMetrics>;

/** The metrics of streams: this file is the one owner of their names. */
export function createStreamMetrics(registry: MetricsRegistry) {
  const registers = [registry];
  const settlements = new Counter({
    name: "billing_stream_settlements_total",
    help: "Ends of streams' charges: confirmed, or failed.",
    labelNames: ["outcome"],
    registers,
  });
  const withdrawals = new Counter({
    name: "billing_stream_withdrawals_total",
    help: "Ends of withdrawals that waited for finality: succeeded, or failed.",
    labelNames: ["outcome"],
    registers,
  });
  for (const outcome of ["confirmed", "failed"]) settlements.inc({ outcome }, 0);
  for (const outcome of ["succeeded", "failed"]) withdrawals.inc({ outcome }, 0);
  return {
    settled: (outcome: "confirmed" | "failed") => settlements.inc({ outcome }),
    withdrawn: (outcome: "succeeded" | "failed") => withdrawals.inc({ outcome }),
  };
}
