import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { QueryTally, tallying } from "./database/query-tally.ts";
import type { RequestQueries, RouteQueries } from "./database/request-queries.ts";
import { DURATION_BUCKETS_SECONDS, type MetricsRegistry } from "./metrics.ts";
import { type HistogramSeries, SeriesHistogram } from "./series-histogram.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The statements that this request has sent; undefined while nothing is counted. */
    queryTally: QueryTally | undefined;
  }
}

/** What is asked all the time and says nothing about requests. */
const UNMEASURED: ReadonlySet<string> = new Set(["/metrics", "/livez", "/readyz", "/startupz"]);
const UNKNOWN_ROUTE = "unknown";

/**
 * Measures every route that is registered after it: its duration by method, template and status, and
 * with `queries` the statements that it sends. A route's labels are written down when it is
 * registered, never per request.
 */
export function registerRequestMetrics(
  app: FastifyInstance,
  registry: MetricsRegistry,
  queries: RequestQueries | undefined,
): void {
  const durations = new SeriesHistogram({
    name: "http_request_duration_seconds",
    help: "From the request to the end of its answer, by route template and status.",
    labelNames: ["method", "route", "status_code"],
    buckets: DURATION_BUCKETS_SECONDS,
    registry,
  });
  if (queries !== undefined) countQueries(app);
  app.addHook("onRoute", (route) => {
    if (UNMEASURED.has(route.url)) return;
    const measured = new Map(
      [route.method]
        .flat()
        .map((method) => [
          method,
          new MeasuredRoute(method, route.url, durations, queries?.route(method, route.url)),
        ]),
    );
    const measure = (request: FastifyRequest, reply: FastifyReply, done: () => void) => {
      measured.get(request.method)?.answered(request, reply);
      done();
    };
    route.onResponse = [measure, ...[route.onResponse ?? []].flat()];
  });
  measureUnknownRoutes(app, durations);
}

/** What no route answers is one route, so that a scan shows and no URL becomes a label. */
function measureUnknownRoutes(app: FastifyInstance, durations: SeriesHistogram): void {
  const byMethod = new Map<string, MeasuredRoute>();
  app.addHook("onResponse", (request, reply, done) => {
    if (request.is404) {
      const { method } = request;
      const known = byMethod.get(method);
      const route = known ?? new MeasuredRoute(method, UNKNOWN_ROUTE, durations, undefined);
      if (known === undefined) byMethod.set(method, route);
      route.answered(request, reply);
    }
    done();
  });
}

/** Gives each request a tally of its own, and everything that it does the way to it. */
function countQueries(app: FastifyInstance): void {
  app.decorateRequest("queryTally", undefined);
  app.addHook("onRequest", (request, _reply, done) => {
    const tally = new QueryTally();
    request.queryTally = tally;
    tallying(tally, done);
  });
  // What reads the body goes on in the socket's context, which is nobody's.
  app.addHook("preValidation", (request, _reply, done) => {
    const { queryTally, body } = request;
    if (queryTally === undefined || body === undefined) done();
    else tallying(queryTally, done);
  });
}

class MeasuredRoute {
  readonly #method: string;
  readonly #route: string;
  readonly #durations: SeriesHistogram;
  readonly #queries: RouteQueries | undefined;
  readonly #byStatus = new Map<number, HistogramSeries>();

  constructor(
    method: string,
    route: string,
    durations: SeriesHistogram,
    queries: RouteQueries | undefined,
  ) {
    this.#method = method;
    this.#route = route;
    this.#durations = durations;
    this.#queries = queries;
  }

  answered(request: FastifyRequest, reply: FastifyReply): void {
    const { statusCode } = reply;
    const series = this.#byStatus.get(statusCode) ?? this.#series(statusCode);
    series.observe(reply.elapsedTime / 1_000);
    const { queryTally } = request;
    if (queryTally === undefined || this.#queries === undefined) return;
    queryTally.close();
    const suspicion = this.#queries.counted(queryTally);
    if (suspicion === undefined) return;
    request.log.warn(
      { method: this.#method, route: this.#route, ...suspicion },
      "a request sent suspiciously many statements",
    );
  }

  #series(statusCode: number): HistogramSeries {
    const series = this.#durations.series({
      method: this.#method,
      route: this.#route,
      status_code: String(statusCode),
    });
    this.#byStatus.set(statusCode, series);
    return series;
  }
}
