import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type { ExportRepository } from "@orrery/common/repositories/export/export-repository";
import { Gauge } from "@prometheus-io/client";

const STATES = ["pending", "running", "ready", "failed"] as const;

/**
 * The metric of exports: this file is the one owner of its name. Read once per scrape, so that every
 * instance shows the same; while it cannot be read the last values stay.
 */
export function registerExportMetrics(
  registry: MetricsRegistry,
  exports: Pick<ExportRepository, "count">,
): void {
  const jobs = new Gauge({
    name: "export_jobs",
    help: "Exports within their retention, by state.",
    labelNames: ["state"],
    registers: [registry],
    collect: async () => {
      const counts = await exports.count().catch(() => undefined);
      if (counts === undefined) return;
      for (const state of STATES) jobs.set({ state }, counts[state]);
    },
  });
  for (const state of STATES) jobs.set({ state }, 0);
}
