import { type Board, quantileBy, rateBy } from "../board.ts";

export const OVERVIEW: Board = {
  uid: "overview",
  title: "overview",
  description: "Traffic, errors, latency and saturation of each service.",
  rows: [
    {
      title: "What callers see",
      panels: [
        {
          title: "Requests",
          description: "Of each service, probes included.",
          unit: "reqps",
          queries: [
            {
              expr: rateBy("http_request_duration_seconds_count", "service"),
              legend: "{{service}}",
            },
          ],
        },
        {
          title: "Server errors",
          description: "Share of answers that are 5xx; anything above nothing is worth a look.",
          unit: "percentunit",
          limit: 0.01,
          queries: [
            {
              expr: `sum by (service) (rate(http_request_duration_seconds_count{status_code=~"5.."}[$__rate_interval])) / sum by (service) (rate(http_request_duration_seconds_count[$__rate_interval])) or sum by (service) (rate(http_request_duration_seconds_count[$__rate_interval])) * 0`,
              legend: "{{service}}",
            },
          ],
        },
        {
          title: "Latency, p50 and p99",
          description: "Deductions wait for a ledger unless they are asked not to.",
          unit: "s",
          queries: [
            {
              expr: quantileBy(0.5, "http_request_duration_seconds", "service"),
              legend: "{{service}} p50",
            },
            {
              expr: quantileBy(0.99, "http_request_duration_seconds", "service"),
              legend: "{{service}} p99",
            },
          ],
        },
        {
          title: "Slowest routes, p99",
          description: "The ten slowest of all routes.",
          unit: "s",
          queries: [
            {
              expr: `topk(10, ${quantileBy(0.99, "http_request_duration_seconds", "service, method, route")})`,
              legend: "{{service}} {{method}} {{route}}",
            },
          ],
        },
      ],
    },
    {
      title: "What they need",
      panels: [
        {
          title: "Health",
          description: "1 well, 0.5 degraded, 0 down, by the last check.",
          unit: "short",
          queries: [
            {
              expr: "min by (service, component) (health_check_status)",
              legend: "{{service}}: {{component}}",
            },
          ],
        },
        {
          title: "Connections to the database in use",
          description: "Of the pool that serves requests.",
          unit: "percentunit",
          limit: 0.8,
          queries: [{ expr: "max by (service) (db_pool_saturation)", legend: "{{service}}" }],
        },
      ],
    },
  ],
};
