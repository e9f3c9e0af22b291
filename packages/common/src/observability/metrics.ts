import promClient from "@prometheus-io/client";
import type { FastifyInstance } from "fastify";
import fastifyMetrics from "fastify-metrics";

export type MetricsRegistry = InstanceType<typeof promClient.Registry>;

/** Histogram buckets for request durations, in seconds. */
export const DURATION_BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** A registry of the service's own, so that two services in one process never share a counter. */
export function createRegistry(): MetricsRegistry {
  return new promClient.Registry();
}

/**
 * Serves `/metrics` with what is in `registry`, and adds the process's own metrics to it. Requests are
 * measured by `registerRequestMetrics`: the library's own handler costs several times as much.
 */
export function registerMetricsEndpoint(app: FastifyInstance, registry: MetricsRegistry): void {
  app.register(fastifyMetrics.default, {
    endpoint: "/metrics",
    defaultMetrics: { enabled: true, register: registry },
    routeMetrics: { enabled: false },
  });
}
