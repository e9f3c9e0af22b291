import type { Clock } from "@orrery/common/contracts/clock";
import type { Audience } from "@orrery/common/contracts/request-context";
import type { ProxyMetrics } from "../proxy-metrics.ts";
import { parseOrigins } from "./endpoint.ts";
import { NameWatch } from "./name-watch.ts";
import { Upstream } from "./upstream.ts";

interface OpenUpstreamOptions {
  readonly audience: Audience;
  /** Origins, comma-separated. */
  readonly urls: string;
  /** Calls that one instance may have at a time. */
  readonly maxPending: number;
  readonly dnsIntervalMs: number;
  /** Steady milliseconds. */
  readonly clock: Clock;
  readonly metrics: ProxyMetrics;
  readonly onError: (error: unknown) => void;
}

/** Readers of one instance at a time; what they cost is a connection each. */
const MAX_WATCHES = 10_000;

export interface OpenedUpstream {
  readonly upstream: Upstream;
  /** Begins to follow the names; not needed to send. */
  start(): void;
  close(): Promise<void>;
}

/** A service by its addresses or names, followed while names change their addresses. */
export function openUpstream(options: OpenUpstreamOptions): OpenedUpstream {
  const { audience, urls, maxPending, dnsIntervalMs, clock, metrics, onError } = options;
  const names = new NameWatch({
    origins: parseOrigins(urls),
    onEndpoints: (endpoints) => upstream.replace(endpoints),
    onError,
    intervalMs: dnsIntervalMs,
  });
  const upstream = new Upstream(names.endpoints, {
    audience,
    maxPending: { calls: maxPending, watches: MAX_WATCHES },
    clock,
    onOpened: metrics.ejected,
  });
  metrics.watch(upstream);
  return {
    upstream,
    start: () => names.start(),
    close: async () => {
      names.stop();
      await upstream.close();
    },
  };
}
