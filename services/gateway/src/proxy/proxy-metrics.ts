import type { Audience } from "@orrery/common/contracts/request-context";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import { Counter, Gauge } from "@prometheus-io/client";
import type { EndReason } from "./event-streams/event-streams.ts";
import type { Upstream } from "./upstream/upstream.ts";
import type { FailureReason } from "./upstream-failure.ts";

export type ProxyMetrics = ReturnType<typeof createProxyMetrics>;

const STATE_VALUES = { closed: 0, half_open: 0.5, open: 1 } as const;

/** How exchanges and instances fare: this file is the one owner of these names. */
export function createProxyMetrics(registry: MetricsRegistry) {
  const registers = [registry];
  const upstreams: Upstream[] = [];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name, help, labelNames, registers });
  const failures = counter(
    "gateway_upstream_failures_total",
    "Exchanges with a service that failed, by service and reason.",
    "service",
    "reason",
  );
  const retries = counter(
    "gateway_upstream_retries_total",
    "Requests that were sent a second time after their connection failed, by service.",
    "service",
  );
  const ejections = counter(
    "gateway_upstream_ejections_total",
    "How often an instance was taken out after failures in a row.",
    "service",
    "instance",
  );
  const gone = counter(
    "gateway_callers_gone_total",
    "Requests whose caller went away before the answer was complete, by service.",
    "service",
  );
  const streamsEnded = counter(
    "gateway_event_streams_ended_total",
    "Event streams that the gateway ended, by reason.",
    "reason",
  );
  registerInstanceGauges(registry, upstreams);
  return {
    watch: (upstream: Upstream) => void upstreams.push(upstream),
    failed: (service: Audience, reason: FailureReason) => failures.inc({ service, reason }),
    retried: (service: Audience) => retries.inc({ service }),
    ejected: (service: Audience, instance: string) => ejections.inc({ service, instance }),
    callerGone: (service: Audience) => gone.inc({ service }),
    streamEnded: (reason: EndReason) => streamsEnded.inc({ reason }),
  };
}

/** What is the case now is looked at when somebody asks. */
function registerInstanceGauges(registry: MetricsRegistry, upstreams: readonly Upstream[]): void {
  const pendingRequests = new Gauge({
    name: "gateway_upstream_pending",
    help: "Requests that an instance has now, by lane (calls, watches).",
    labelNames: ["service", "instance", "lane"],
    registers: [],
    collect() {
      this.reset();
      for (const { audience, reports } of upstreams) {
        for (const { label, pending } of reports) {
          for (const [lane, count] of Object.entries(pending)) {
            this.set({ service: audience, instance: label, lane }, count);
          }
        }
      }
    },
  });
  const breakers = new Gauge({
    name: "gateway_upstream_breaker",
    help: "Whether an instance is taken out: 0 no, 0.5 a trial decides, 1 yes.",
    labelNames: ["service", "instance"],
    registers: [],
    collect() {
      this.reset();
      for (const { audience, reports } of upstreams) {
        for (const { label, state } of reports) {
          this.set({ service: audience, instance: label }, STATE_VALUES[state]);
        }
      }
    },
  });
  registry.registerMetric(pendingRequests);
  registry.registerMetric(breakers);
}
