import type { Clock } from "@orrery/common/contracts/clock";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { Gauge } from "@prometheus-io/client";

/**
 * Gauges over the submission journal, read once per scrape. This file is the one owner of their
 * names. A journal that cannot be read leaves the last values: `/health` says that it is away.
 */
export function registerJournalMetrics(
  registry: MetricsRegistry,
  journal: Pick<SubmissionJournal, "counts">,
  clock: Clock,
): void {
  const registers = [registry];
  const pending = new Gauge({
    name: "billing_pending",
    help: "Submissions that the engine still works on, by state.",
    labelNames: ["state"],
    registers,
    collect: async () => {
      const counts = await journal.counts().catch(() => undefined);
      if (counts === undefined) return;
      for (const [state, count] of Object.entries(counts.pending)) pending.set({ state }, count);
      for (const [state, count] of Object.entries(counts.channels)) channels.set({ state }, count);
      unknown.set(counts.unknown);
      const { oldestPendingAtMs } = counts;
      age.set(oldestPendingAtMs === undefined ? 0 : (clock() - oldestPendingAtMs) / 1_000);
    },
  });
  const channels = new Gauge({
    name: "soroban_channels",
    help: "Channel accounts by state.",
    labelNames: ["state"],
    registers,
  });
  const unknown = new Gauge({
    name: "soroban_unknown_outcomes",
    help: "Submissions of which nobody can tell whether they were charged.",
    registers,
  });
  const age = new Gauge({
    name: "billing_pending_age_seconds",
    help: "How long the oldest pending submission has waited.",
    registers,
  });
}
