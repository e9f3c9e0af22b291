import type { Clock } from "@orrery/common/contracts/clock";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import { ACTIVE_STATES } from "@orrery/soroban/intent/submission-intent";
import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { Gauge } from "@prometheus-io/client";

const CHANNEL_STATES = ["absent", "ready", "leased", "bound", "quarantined"] as const;

/**
 * Gauges over the submission journal, read once per scrape for all of them. This file is the one
 * owner of their names. A journal that cannot be read leaves the last values: `/health` says that it
 * is away.
 */
export function registerJournalMetrics(
  registry: MetricsRegistry,
  journal: Pick<SubmissionJournal, "counts">,
  clock: Clock,
): void {
  const registers = [registry];
  let reading: Promise<void> | undefined;
  const collect = () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const pending = new Gauge({
    name: "billing_pending",
    help: "Submissions that the engine still works on, by state.",
    labelNames: ["state"],
    registers,
    collect,
  });
  const channels = new Gauge({
    name: "soroban_channels",
    help: "Channel accounts by state.",
    labelNames: ["state"],
    registers,
    collect,
  });
  const unknown = new Gauge({
    name: "soroban_unknown_outcomes",
    help: "Submissions of which nobody can tell whether they were charged.",
    registers,
    collect,
  });
  const age = new Gauge({
    name: "billing_pending_age_seconds",
    help: "How long the oldest pending submission has waited.",
    registers,
    collect,
  });
  for (const state of ACTIVE_STATES) pending.set({ state }, 0);
  for (const state of CHANNEL_STATES) channels.set({ state }, 0);

  async function read(): Promise<void> {
    const counts = await journal.counts().catch(() => undefined);
    if (counts === undefined) return;
    for (const [state, count] of Object.entries(counts.pending)) pending.set({ state }, count);
    for (const [state, count] of Object.entries(counts.channels)) channels.set({ state }, count);
    unknown.set(counts.unknown);
    const { oldestPendingAtMs } = counts;
    age.set(oldestPendingAtMs === undefined ? 0 : (clock() - oldestPendingAtMs) / 1_000);
  }
}
