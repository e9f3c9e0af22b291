import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import promClient from "@prometheus-io/client";

/** How far the events of the chain are behind; the setter is told after each round. */
export function createIndexerLag(registry: MetricsRegistry): (ledgers: number) => void {
  const lag = new promClient.Gauge({
    name: "indexer_lag_ledgers",
    help: "Ledgers closed but not read, of the contract that is furthest behind among those that this instance leads.",
    registers: [registry],
  });
  return (ledgers) => lag.set(ledgers);
}
