import { Counter, Gauge, Histogram } from "@prometheus-io/client";
import type { HealthState } from "../contracts/health.ts";
import { DURATION_BUCKETS_SECONDS, type MetricsRegistry } from "./metrics.ts";

/** What a service's health tells. */
export interface ObservedHealth {
  report(): Promise<{ readonly checks: Readonly<Record<string, HealthState>> }>;
  onChecked(listener: (component: string, seconds: number) => void): void;
  onAnswered(listener: (status: HealthState) => void): void;
}

const VALUES: Readonly<Record<HealthState, number>> = { ok: 1, degraded: 0.5, down: 0 };

/**
 * The metrics of health: this file is the one owner of their names. A scrape has the checks run, as
 * any other who asks within the second does, so that they are true where nobody probes.
 */
export function registerHealthMetrics(registry: MetricsRegistry, health: ObservedHealth): void {
  const registers = [registry];
  const status = new Gauge({
    name: "health_check_status",
    help: "What the last check found: 1 ok, 0.5 degraded, 0 down.",
    labelNames: ["component"],
    registers,
    collect: async () => {
      const { checks } = await health.report();
      for (const [component, state] of Object.entries(checks)) {
        status.set({ component }, VALUES[state]);
      }
    },
  });
  const duration = new Histogram({
    name: "health_check_duration_seconds",
    help: "How long checks took, those that were given up included.",
    labelNames: ["component"],
    buckets: DURATION_BUCKETS_SECONDS,
    registers,
  });
  const responses = new Counter({
    name: "health_responses_total",
    help: "Answers of the health routes, by the status in them.",
    labelNames: ["status"],
    registers,
  });
  for (const state of Object.keys(VALUES)) responses.inc({ status: state }, 0);
  health.onChecked((component, seconds) => duration.observe({ component }, seconds));
  health.onAnswered((state) => responses.inc({ status: state }));
}
