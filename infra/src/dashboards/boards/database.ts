import { type Board, quantileBy, rateBy } from "../board.ts";

export const DATABASE: Board = {
  uid: "database",
  title: "database",
  description: "Pools, statements and what is wrong with them.",
  rows: [
    {
      title: "Pools",
      panels: [
        {
          title: "Saturation",
          description: "Connections of the requests' pool in use, as a share of DB_POOL_SIZE.",
          unit: "percentunit",
          limit: 0.8,
          queries: [
            {
              expr: "max by (service, instance) (db_pool_saturation)",
              legend: "{{service}} {{instance}}",
            },
          ],
        },
        {
          title: "Connections, by state",
          description: "`waiting` are callers that wait for one.",
          unit: "short",
          queries: [
            { expr: "sum by (service, state) (db_connections)", legend: "{{service}} {{state}}" },
          ],
        },
        {
          title: "Wait for a connection, p99",
          description: "Of requests' work.",
          unit: "s",
          queries: [
            { expr: quantileBy(0.99, "db_pool_acquire_seconds", "service"), legend: "{{service}}" },
          ],
        },
        {
          title: "Background pools",
          description: "Work beside requests: the engine, relays, exports.",
          unit: "short",
          queries: [
            {
              expr: "sum by (service, pool, state) (db_background_connections)",
              legend: "{{service}} {{pool}} {{state}}",
            },
          ],
        },
      ],
    },
    {
      title: "Statements",
      panels: [
        {
          title: "Transactions, by outcome",
          description: "Statements outside of one count as one.",
          unit: "ops",
          queries: [
            {
              expr: rateBy("db_transactions_total", "service, outcome"),
              legend: "{{service}} {{outcome}}",
            },
          ],
        },
        {
          title: "Statements of a request, p99",
          description: "By route; the ten with the most.",
          unit: "short",
          queries: [
            {
              expr: `topk(10, ${quantileBy(0.99, "db_request_query_count", "service, method, route")})`,
              legend: "{{service}} {{method}} {{route}}",
            },
          ],
        },
        {
          title: "Suspicions of N+1",
          description: "Requests with too many statements, or one statement too often.",
          unit: "ops",
          queries: [
            {
              expr: "sum(rate(db_n1_suspicions_total[$__rate_interval])) or vector(0)",
              legend: "all routes",
            },
          ],
        },
        {
          title: "Slow statements",
          description: "Longer than SLOW_QUERY_MS.",
          unit: "ops",
          queries: [
            {
              expr: "sum(rate(db_slow_queries_total[$__rate_interval])) or vector(0)",
              legend: "all tables",
            },
          ],
        },
        {
          title: "Connection failures",
          description: "Connections that could not be had, or broke, by reason. Any is an alert.",
          unit: "ops",
          queries: [
            {
              expr: `${rateBy("db_connection_errors_total", "service, reason")} or vector(0)`,
              legend: "{{service}} {{reason}}",
            },
          ],
        },
      ],
    },
  ],
};
