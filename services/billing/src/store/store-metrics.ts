import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import {
  STORED_REPOSITORIES,
  type StoredRepository,
} from "@orrery/common/repositories/cutover/store-mode";
import { Counter, Gauge } from "@prometheus-io/client";

export type StoreMetrics = ReturnType<typeof createStoreMetrics>;

/** The metrics of the stores: this file is the one owner of their names. */
export function createStoreMetrics(
  registry: MetricsRegistry,
  repairsOf: (repository: StoredRepository) => number,
) {
  const mismatches = new Counter({
    name: "store_parity_mismatches_total",
    help: "Records that were not the same in memory and in Postgres.",
    labelNames: ["repository"],
    registers: [registry],
  });
  const repairs = new Gauge({
    name: "store_repairs_queued",
    help: "Records that the other store refused, and that wait to be copied again.",
    labelNames: ["repository"],
    registers: [registry],
    collect() {
      for (const repository of STORED_REPOSITORIES) this.set({ repository }, repairsOf(repository));
    },
  });
  for (const repository of STORED_REPOSITORIES) mismatches.inc({ repository }, 0);
  return {
    repairs,
    mismatch: (repository: StoredRepository) => mismatches.inc({ repository }),
  };
}
