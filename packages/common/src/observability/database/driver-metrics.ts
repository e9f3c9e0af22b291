import { Counter } from "@prometheus-io/client";
import { DURATION_BUCKETS_SECONDS, type MetricsRegistry } from "../metrics.ts";
import { type HistogramSeries, SeriesHistogram } from "../series-histogram.ts";
import {
  CONNECTION_FAULTS,
  type ConnectionFault,
  type DriverObserver,
  type PoolCounts,
  type TransactionOutcome,
} from "./driver-observer.ts";
import { PoolGauges } from "./pool-gauges.ts";
import { currentTally } from "./query-tally.ts";
import type { StatementShape } from "./statement-shape.ts";
import { StatementShapes } from "./statement-shapes.ts";

export interface DriverMetricsOptions {
  readonly registry: MetricsRegistry;
  /** `DB_POOL_SIZE`. */
  readonly poolSize: number;
  readonly slowQueryMs: number;
  /** Told of a slow statement, of each shape at most every 10 s. */
  readonly onSlow: (shape: StatementShape, elapsedMs: number) => void;
}

const OUTCOMES: readonly TransactionOutcome[] = ["committed", "rolled_back", "unknown"];
const SLOW_TOLD_EVERY_MS = 10_000;

/**
 * What the drivers of a process tell, as metrics: this file and `PoolGauges` are the one owner of the
 * names `db_…`, but for those that are counted by request.
 */
export class DriverMetrics {
  readonly pools: PoolGauges;
  readonly #options: DriverMetricsOptions;
  readonly #shapes = new StatementShapes();
  readonly #transactions: Counter<"outcome">;
  readonly #faults: Counter<"reason">;
  readonly #slow: Counter<"operation" | "table">;
  readonly #acquire: HistogramSeries;
  /** When a shape's slowness was last told. */
  readonly #toldAtMs = new Map<StatementShape, number>();

  constructor(options: DriverMetricsOptions) {
    const { registry, poolSize } = options;
    const registers = [registry];
    this.#options = options;
    this.pools = new PoolGauges(registry, poolSize);
    this.#transactions = new Counter({
      name: "db_transactions_total",
      help: "Ends of transactions, of statements outside of one too; unknown: the connection broke meanwhile.",
      labelNames: ["outcome"],
      registers,
    });
    this.#faults = new Counter({
      name: "db_connection_errors_total",
      help: "Connections that could not be had, or broke, by reason.",
      labelNames: ["reason"],
      registers,
    });
    this.#slow = new Counter({
      name: "db_slow_queries_total",
      help: "Statements that took longer than SLOW_QUERY_MS, by what they do and to which table or function.",
      labelNames: ["operation", "table"],
      registers,
    });
    this.#acquire = new SeriesHistogram({
      name: "db_pool_acquire_seconds",
      help: "How long requests' work waited for a connection.",
      labelNames: [],
      buckets: DURATION_BUCKETS_SECONDS,
      registry,
    }).series({});
    for (const outcome of OUTCOMES) this.#transactions.inc({ outcome }, 0);
    for (const reason of CONNECTION_FAULTS) this.#faults.inc({ reason }, 0);
  }

  /** The observer of the pool that serves requests. */
  requests(): DriverObserver {
    return this.#observer(
      (pool) => this.pools.addRequests(pool),
      (seconds) => this.#acquire.observe(seconds),
    );
  }

  /** The observer of a pool for work beside requests; the name is a label. */
  background(name: string): DriverObserver {
    return this.#observer(
      (pool) => this.pools.addBackground(name, pool),
      () => {},
    );
  }

  #observer(
    add: (pool: PoolCounts) => void,
    onAcquired: (seconds: number) => void,
  ): DriverObserver {
    return {
      opened: add,
      closed: (pool) => this.pools.remove(pool),
      sent: (text) => this.#sent(text),
      ended: (shape, elapsedMs) => this.#ended(shape, elapsedMs),
      transactionEnded: (outcome) => this.#transactions.inc({ outcome }),
      acquired: (elapsedMs) => onAcquired(elapsedMs / 1_000),
      failed: (reason: ConnectionFault) => this.#faults.inc({ reason }),
    };
  }

  #sent(text: string): StatementShape {
    const shape = this.#shapes.of(text);
    currentTally()?.add(shape);
    return shape;
  }

  #ended(shape: StatementShape, elapsedMs: number): void {
    if (elapsedMs <= this.#options.slowQueryMs) return;
    this.#slow.inc({ operation: shape.operation, table: shape.table });
    const nowMs = performance.now();
    if (nowMs - (this.#toldAtMs.get(shape) ?? Number.NEGATIVE_INFINITY) < SLOW_TOLD_EVERY_MS)
      return;
    this.#toldAtMs.set(shape, nowMs);
    this.#options.onSlow(shape, elapsedMs);
  }
}
