import { systemClock } from "@orrery/common/contracts/clock";
import type { Audience } from "@orrery/common/contracts/request-context";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import { EventStreams } from "./event-streams/event-streams.ts";
import type { ProxyDependencies } from "./proxied-routes.ts";
import { createProxyMetrics } from "./proxy-metrics.ts";
import type { ProxyConfig } from "./proxy-variables.ts";
import { SignedContexts } from "./signed-contexts.ts";
import { parseTrustedProxies } from "./trusted-proxies.ts";
import { openUpstream } from "./upstream/open-upstream.ts";

interface ProxyNeeds {
  readonly registry: MetricsRegistry;
  /** Whether a key's revocation would be known by now. */
  readonly areRevocationsKnown: () => boolean;
  /** A service's name could not be looked up; it is used as it last was. */
  readonly onLookupError: (error: unknown) => void;
}

export interface ComposedProxy {
  readonly dependencies: Omit<ProxyDependencies, "authenticator" | "health">;
  /** Begins to follow the names of services. */
  start(): void;
  /** What was signed or opened for the key is not used any longer. */
  revoked(keyId: string): void;
  close(): Promise<void>;
}

/** Wires what is between a verified request and its service; opens no connection. */
export function composeProxy(config: ProxyConfig, needs: ProxyNeeds): ComposedProxy {
  const { registry, areRevocationsKnown, onLookupError } = needs;
  const metrics = createProxyMetrics(registry);
  const [signingKey] = parseContextKeys(config.CONTEXT_SIGNING_KEYS);
  const contexts = new SignedContexts(signingKey, systemClock);
  const streams = new EventStreams({
    clock: systemClock,
    areRevocationsKnown,
    onEnded: metrics.streamEnded,
  });
  const open = (audience: Audience, urls: string) =>
    openUpstream({
      audience,
      urls,
      maxPending: config.UPSTREAM_MAX_PENDING,
      dnsIntervalMs: config.UPSTREAM_DNS_INTERVAL_MS,
      clock: () => performance.now(),
      metrics,
      onError: onLookupError,
    });
  const opened = {
    billing: open("billing", config.BILLING_URL),
    catalog: open("catalog", config.CATALOG_URL),
  };
  return {
    dependencies: {
      upstreams: { billing: opened.billing.upstream, catalog: opened.catalog.upstream },
      contexts,
      streams,
      trustedProxies: parseTrustedProxies(config.TRUSTED_PROXIES),
      metrics,
    },
    start: () => {
      opened.billing.start();
      opened.catalog.start();
    },
    revoked: (keyId) => {
      contexts.forget(`key:${keyId}`);
      streams.revoke(`key:${keyId}`);
    },
    close: async () => {
      await Promise.all([opened.billing.close(), opened.catalog.close()]);
    },
  };
}
