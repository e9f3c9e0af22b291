import promClient from "@prometheus-io/client";
import type { MetricsRegistry } from "../observability/metrics.ts";

/** Shows how far the relays are behind the writes, as of the last look at the queue. */
export function registerOutboxLag(registry: MetricsRegistry, queuedForMs: () => number): void {
  const lag = new promClient.Gauge({
    name: "outbox_lag_seconds",
    help: "How long the oldest event has waited for a relay.",
    registers: [],
    collect() {
      this.set(queuedForMs() / 1_000);
    },
  });
  registry.registerMetric(lag);
}
