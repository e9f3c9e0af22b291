import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import promClient from "@prometheus-io/client";
import type { RefusalReason } from "./media-signer.ts";

const REASONS = ["directory_unsupported", "signing_error"] as const satisfies readonly (
  | RefusalReason
  | "signing_error"
)[];

/** Why a URL was not the edge's. */
export type FallbackReason = (typeof REASONS)[number];

/** The metrics of media's URLs: this file is the one owner of their names. */
export function createMediaMetrics(registry: MetricsRegistry) {
  const wanted = new promClient.Counter({
    name: "cdn_urls_total",
    help: "URLs of media that the edge was to have: what falls back is a share of these.",
    registers: [registry],
  });
  const fallbacks = new promClient.Counter({
    name: "cdn_fallback_total",
    help: "URLs of media that are the origin's though an edge is configured, by reason.",
    labelNames: ["reason"],
    registers: [registry],
  });
  for (const reason of REASONS) fallbacks.inc({ reason }, 0);
  return {
    wanted: () => wanted.inc(),
    fellBack: (reason: FallbackReason) => fallbacks.inc({ reason }),
  };
}
