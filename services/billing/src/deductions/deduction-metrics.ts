import {
  DURATION_BUCKETS_SECONDS,
  type MetricsRegistry,
} from "@orrery/common/observability/metrics";
import { Counter, Histogram } from "@prometheus-io/client";

export type DeductionMetrics = ReturnType<typeof createDeductionMetrics>;

/** The metrics of deductions: this file is the one owner of their names. */
export function createDeductionMetrics(registry: MetricsRegistry) {
  const registers = [registry];
  const duration = new Histogram({
    name: "billing_deduct_duration_seconds",
    help: "From the request to its answer, by route and status.",
    labelNames: ["route", "status_code"],
    buckets: DURATION_BUCKETS_SECONDS,
    registers,
  });
  const deductions = new Counter({
    name: "billing_deductions_total",
    help: "Deductions by what became of them: accepted, confirmed, failed.",
    labelNames: ["outcome"],
    registers,
  });
  const duplicates = new Counter({
    name: "billing_duplicate_requests_total",
    help: "Requests whose requestId was known already.",
    registers,
  });
  const races = new Counter({
    name: "billing_request_races_total",
    help: "Duplicates that came while the first was still being charged.",
    registers,
  });
  const refusals = new Counter({
    name: "billing_backlog_full_total",
    help: "Requests that were refused because too much was pending.",
    registers,
  });
  for (const outcome of ["accepted", "confirmed", "failed"]) deductions.inc({ outcome }, 0);
  return {
    accepted: () => deductions.inc({ outcome: "accepted" }),
    resolved: (outcome: "confirmed" | "failed") => deductions.inc({ outcome }),
    /** `status`: of the event that was there already. */
    duplicate: ({ status }: { readonly status: string }) => {
      duplicates.inc();
      if (status === "pending") races.inc();
    },
    refused: () => refusals.inc(),
    observe: (route: string, statusCode: number, seconds: number) =>
      duration.observe({ route, status_code: String(statusCode) }, seconds),
  };
}
