import { DriverMetrics } from "./database/driver-metrics.ts";
import type { DriverObserver } from "./database/driver-observer.ts";
import { PoolSampler } from "./database/pool-sampler.ts";
import { RequestQueries } from "./database/request-queries.ts";
import { createRegistry, type MetricsRegistry } from "./metrics.ts";

export interface ObservationConfig {
  readonly METRICS_ENABLED: boolean;
  readonly METRICS_PORT?: number;
  readonly DB_POOL_SIZE: number;
  readonly N1_QUERY_THRESHOLD: number;
  readonly N1_REPEAT_THRESHOLD: number;
  readonly SLOW_QUERY_MS: number;
}

/** What a service's app measures of its requests, and where it shows it. */
export interface AppMeasuring {
  /** Undefined: nothing is measured, and there is no `/metrics`. */
  readonly registry: MetricsRegistry | undefined;
  /** Undefined: requests' statements are not counted. */
  readonly requestQueries?: RequestQueries | undefined;
  /** Whether `/metrics` is on another listener. */
  readonly hasMetricsPort?: boolean;
}

type Warn = (fields: object, text: string) => void;

/**
 * All that a service measures: one registry, its pools and statements, its requests. Switched off, it
 * still has a registry for others to count in, and nobody reads it.
 */
export class Observation {
  readonly registry = createRegistry();
  readonly #config: ObservationConfig;
  readonly #driver: DriverMetrics | undefined;
  readonly #queries: RequestQueries | undefined;
  readonly #sampler: PoolSampler | undefined;

  /** `warn` is told of slow statements; none of their values is among the fields. */
  constructor(config: ObservationConfig, warn: Warn) {
    this.#config = config;
    if (!config.METRICS_ENABLED) return;
    this.#driver = new DriverMetrics({
      registry: this.registry,
      poolSize: config.DB_POOL_SIZE,
      slowQueryMs: config.SLOW_QUERY_MS,
      onSlow: ({ text, operation, table }, elapsedMs) =>
        warn(
          { statement: text, operation, table, durationMs: Math.round(elapsedMs) },
          "a statement was slow",
        ),
    });
    this.#queries = new RequestQueries(this.registry, {
      queries: config.N1_QUERY_THRESHOLD,
      repeats: config.N1_REPEAT_THRESHOLD,
    });
    this.#sampler = new PoolSampler(this.#driver.pools);
  }

  /** For the pool that serves requests. */
  requestPool(): DriverObserver | undefined {
    return this.#driver?.requests();
  }

  /** For a pool of work beside requests. */
  backgroundPool(name: string): DriverObserver | undefined {
    return this.#driver?.background(name);
  }

  app(): AppMeasuring {
    const { METRICS_ENABLED, METRICS_PORT } = this.#config;
    if (!METRICS_ENABLED) return { registry: undefined };
    return {
      registry: this.registry,
      requestQueries: this.#queries,
      hasMetricsPort: METRICS_PORT !== undefined,
    };
  }

  /** Where `/metrics` is beside the app; undefined: nowhere. */
  get metricsPort(): number | undefined {
    return this.#config.METRICS_ENABLED ? this.#config.METRICS_PORT : undefined;
  }

  start(): void {
    this.#sampler?.start();
  }

  stop(): void {
    this.#sampler?.stop();
  }
}
