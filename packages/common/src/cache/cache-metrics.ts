import promClient from "@prometheus-io/client";
import { DURATION_BUCKETS_SECONDS, type MetricsRegistry } from "../observability/metrics.ts";
import type { CacheObserver } from "./cache.ts";

/** Counts what caches answer and times what they recompute. */
export function createCacheMetrics(registry: MetricsRegistry): CacheObserver {
  const requests = new promClient.Counter({
    name: "cache_requests_total",
    help: "Reads of a cache by how they were answered: hit, miss or bypass.",
    labelNames: ["cache", "result"],
    registers: [registry],
  });
  const recomputes = new promClient.Histogram({
    name: "cache_recompute_seconds",
    help: "How long values took to compute from the database.",
    labelNames: ["cache"],
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [registry],
  });
  return {
    requested: (cache, result) => requests.inc({ cache, result }),
    recomputed: (cache, seconds) => recomputes.observe({ cache }, seconds),
  };
}
