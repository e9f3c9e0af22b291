import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import promClient from "@prometheus-io/client";
import type { RefusalReason } from "./media-signer.ts";

const REASONS = ["directory_unsupported", "signing_error"] as const satisfies readonly (
  | RefusalReason
  | "signing_error"
)[];

/** Why a URL was not the edge's. */
export type FallbackReason = (typeof REASONS)[number];

/** Counts the URLs that the edge should have had and the origin got. */
export function createFallbackCounter(registry: MetricsRegistry): (reason: FallbackReason) => void {
  const fallbacks = new promClient.Counter({
    name: "cdn_fallback_total",
    help: "URLs of media that are the origin's though an edge is configured, by reason.",
    labelNames: ["reason"],
    registers: [registry],
  });
  for (const reason of REASONS) fallbacks.inc({ reason }, 0);
  return (reason) => fallbacks.inc({ reason });
}
