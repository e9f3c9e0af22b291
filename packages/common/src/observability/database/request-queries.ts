import { Counter } from "@prometheus-io/client";
import type { MetricsRegistry } from "../metrics.ts";
import { type HistogramSeries, SeriesHistogram } from "../series-histogram.ts";
import type { QueryTally } from "./query-tally.ts";

/** Upper bounds of the number of statements of a request. */
const QUERY_BUCKETS = [1, 2, 5, 10, 20, 50, 100, 200, 500];

export interface SuspicionThresholds {
  /** More statements than this in a request are suspicious. */
  readonly queries: number;
  /** So is one statement that was sent more often than this. */
  readonly repeats: number;
}

/** Why a request is suspected of asking row by row what it could ask at once. */
export interface Suspicion {
  readonly queries: number;
  /** The statement that was sent most often, without its values, and how often. */
  readonly statement: string;
  readonly repeats: number;
}

/** What is counted of one route. */
export interface RouteQueries {
  /** Counts a request; gives why it is suspicious, if it is. */
  counted(tally: QueryTally): Suspicion | undefined;
}

/** The metrics of requests' statements: this file is the one owner of their names. */
export class RequestQueries {
  readonly #thresholds: SuspicionThresholds;
  readonly #counts: SeriesHistogram;
  readonly #suspicions: Counter<"method" | "route">;

  constructor(registry: MetricsRegistry, thresholds: SuspicionThresholds) {
    this.#thresholds = thresholds;
    this.#counts = new SeriesHistogram({
      name: "db_request_query_count",
      help: "Statements that requests sent to the database; a statement for several requests counts with each.",
      labelNames: ["method", "route"],
      buckets: QUERY_BUCKETS,
      registry,
    });
    this.#suspicions = new Counter({
      name: "db_n1_suspicions_total",
      help: "Requests with more statements than N1_QUERY_THRESHOLD, or one repeated more often than N1_REPEAT_THRESHOLD.",
      labelNames: ["method", "route"],
      registers: [registry],
    });
  }

  /** Of one route, by its template; there from the start at 0. */
  route(method: string, route: string): RouteQueries {
    const labels = { method, route };
    this.#suspicions.inc(labels, 0);
    let series: HistogramSeries | undefined;
    return {
      counted: (tally) => {
        series ??= this.#counts.series(labels);
        series.observe(tally.count);
        const suspicion = this.#suspicionOf(tally);
        if (suspicion !== undefined) this.#suspicions.inc(labels);
        return suspicion;
      },
    };
  }

  #suspicionOf(tally: QueryTally): Suspicion | undefined {
    const { queries, repeats } = this.#thresholds;
    if (tally.count <= Math.min(queries, repeats)) return undefined;
    const [shape, times] = tally.mostRepeated ?? [undefined, 0];
    if (tally.count <= queries && times <= repeats) return undefined;
    return { queries: tally.count, statement: shape?.text ?? "", repeats: times };
  }
}
