import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import promClient from "@prometheus-io/client";

export function registerLiveReaders(registry: MetricsRegistry, count: () => number): void {
  const readers = new promClient.Gauge({
    name: "catalog_live_readers",
    help: "Open streams of server-sent events.",
    registers: [],
    collect() {
      this.set(count());
    },
  });
  registry.registerMetric(readers);
}
