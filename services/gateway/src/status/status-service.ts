import type { Clock } from "@orrery/common/contracts/clock";
import type { HealthState } from "@orrery/common/contracts/health";
import type { Health } from "@orrery/common/http/health";
import type { Upstream } from "../proxy/upstream/upstream.ts";
import { MetricsText } from "./metrics-text.ts";
import type { RecentError, RecentErrors } from "./recent-errors.ts";

/** How the deployment is, as this gateway sees it; numbers of a service are those of one instance. */
export interface StatusReport {
  readonly status: HealthState;
  readonly version: string;
  readonly timestamp: string;
  readonly components: Readonly<Record<string, HealthState>>;
  /** Since the process began, by what became of them; null when billing does not tell. */
  readonly deductions: Readonly<Record<string, number>> | null;
  /** What the engine still works on, by state. */
  readonly pending: Readonly<Record<string, number>> | null;
  readonly pendingAgeSeconds: number | null;
  readonly unknownOutcomes: number | null;
  /** Share of the connections to the database that are in use, by service. */
  readonly poolSaturation: Readonly<Record<string, number | null>>;
  /** Share of the catalog's cached reads that were answered from a cache; null before the first. */
  readonly cacheHitRate: number | null;
  readonly errors: readonly RecentError[];
}

interface StatusServiceOptions {
  readonly health: Pick<Health, "report">;
  readonly upstreams: Readonly<Record<"billing" | "catalog", Upstream>>;
  /** The gateway's own metrics, as text. */
  readonly ownMetrics: () => Promise<string>;
  readonly errors: RecentErrors;
  readonly clock: Clock;
}

/** One look is shared this long: a page that is open everywhere asks the services no more often. */
const SHARED_MS = 1_000;
const TIMEOUT_MS = 1_500;
const MAX_BYTES = 1 << 20;

/** Gathers what the status page shows. */
export class StatusService {
  readonly #options: StatusServiceOptions;
  #shared: { readonly atMs: number; readonly report: Promise<StatusReport> } | undefined;

  constructor(options: StatusServiceOptions) {
    this.#options = options;
  }

  report(): Promise<StatusReport> {
    const nowMs = this.#options.clock();
    if (this.#shared === undefined || nowMs - this.#shared.atMs >= SHARED_MS) {
      this.#shared = { atMs: nowMs, report: this.#look() };
    }
    return this.#shared.report;
  }

  async #look(): Promise<StatusReport> {
    const { health, upstreams, errors, ownMetrics } = this.#options;
    const [{ checks, ...report }, own, billing, catalog] = await Promise.all([
      health.report(),
      ownMetrics().then((text) => new MetricsText(text)),
      metricsOf(upstreams.billing),
      metricsOf(upstreams.catalog),
    ]);
    const saturation = (metrics: MetricsText | undefined) =>
      metrics?.value("db_pool_saturation") ?? null;
    return {
      ...report,
      components: checks,
      deductions: billing?.by("billing_deductions_total", "outcome") ?? null,
      pending: billing?.by("billing_pending", "state") ?? null,
      pendingAgeSeconds: billing?.value("billing_pending_age_seconds") ?? null,
      unknownOutcomes: billing?.value("soroban_unknown_outcomes") ?? null,
      poolSaturation: {
        gateway: saturation(own),
        billing: saturation(billing),
        catalog: saturation(catalog),
      },
      cacheHitRate: hitRate(catalog?.by("cache_requests_total", "result")),
      errors: errors.list(),
    };
  }
}

/** Of the instance that the next call would go to; undefined when it does not tell. */
async function metricsOf(upstream: Upstream): Promise<MetricsText | undefined> {
  const lane = upstream.pick("calls");
  if (lane === undefined) return undefined;
  try {
    const { statusCode, headers, body } = await lane.dispatcher.request({
      path: "/metrics",
      method: "GET",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (statusCode !== 200 || Number(headers["content-length"] ?? 0) > MAX_BYTES) {
      await body.dump();
      return undefined;
    }
    return new MetricsText(await body.text());
  } catch {
    // It is `down` among the components.
    return undefined;
  }
}

function hitRate(reads: Readonly<Record<string, number>> | undefined): number | null {
  const all = Object.values(reads ?? {}).reduce((sum, count) => sum + count, 0);
  return all === 0 ? null : (reads?.["hit"] ?? 0) / all;
}
