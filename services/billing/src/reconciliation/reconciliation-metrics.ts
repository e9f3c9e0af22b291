import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import {
  DIFFERENCE_KINDS,
  type DifferenceKind,
} from "@orrery/common/repositories/reconciliation/difference";
import type { ReconciliationStateRepository } from "@orrery/common/repositories/reconciliation/reconciliation-state-repository";
import { Counter, Gauge } from "@prometheus-io/client";

export type ReconciliationMetrics = ReturnType<typeof createReconciliationMetrics>;

/**
 * The metrics of reconciliation: this file is the one owner of their names. The open differences are
 * read once per scrape, so that every instance shows the same, whichever of them found them.
 */
export function createReconciliationMetrics(
  registry: MetricsRegistry,
  state: Pick<ReconciliationStateRepository, "countOpen">,
) {
  const registers = [registry];
  const open = new Gauge({
    name: "billing_reconciliation_differences",
    help: "Open differences between rows and chain, by kind.",
    labelNames: ["kind"],
    registers,
    collect: async () => {
      const counts = await state.countOpen().catch(() => undefined);
      for (const [kind, count] of Object.entries(counts ?? {})) open.set({ kind }, count);
    },
  });
  const found = new Counter({
    name: "billing_reconciliation_differences_found_total",
    help: "Differences between rows and chain that this process found, by kind.",
    labelNames: ["kind"],
    registers,
  });
  const lost = new Counter({
    name: "billing_reconciliation_lost_ledgers_total",
    help: "Ledgers that left the network's memory before they were compared.",
    registers,
  });
  const lag = new Gauge({
    name: "billing_reconciliation_lag_ledgers",
    help: "Ledgers that could be compared and were not yet.",
    registers,
  });
  for (const kind of DIFFERENCE_KINDS) {
    open.set({ kind }, 0);
    found.inc({ kind }, 0);
  }
  return {
    found: (kind: DifferenceKind) => found.inc({ kind }),
    lost: (ledgers: number) => lost.inc(ledgers),
    lag: (ledgers: number) => lag.set(ledgers),
  };
}
