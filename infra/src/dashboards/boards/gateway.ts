import { type Board, quantileBy, rateBy } from "../board.ts";

const API = 'service="gateway", route=~"/api.*"';

export const GATEWAY: Board = {
  uid: "gateway",
  title: "gateway",
  description: "Who calls, who is held back, and how the services behind answer.",
  rows: [
    {
      title: "Callers",
      panels: [
        {
          title: "Calls, by status",
          description: "401 and 403: credentials; 429: limits.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (status_code) (rate(http_request_duration_seconds_count{${API}}[$__rate_interval]))`,
              legend: "{{status_code}}",
            },
          ],
        },
        {
          title: "Held back by a limit",
          description: "Answers 429, by route.",
          unit: "reqps",
          queries: [
            {
              expr: `sum by (route) (rate(http_request_duration_seconds_count{${API}, status_code="429"}[$__rate_interval])) or vector(0)`,
              legend: "{{route}}",
            },
          ],
        },
        {
          title: "Where limits are counted",
          description: "`shared` by all instances; with Redis away each counts for itself.",
          unit: "ops",
          queries: [{ expr: rateBy("gateway_limit_leases_total", "source"), legend: "{{source}}" }],
        },
        {
          title: "Time to answer, p50 and p99",
          description: "Of the versioned routes.",
          unit: "s",
          queries: [0.5, 0.99].map((quantile) => ({
            expr: quantileBy(quantile, "http_request_duration_seconds", "service").replace(
              "_bucket[",
              `_bucket{${API}}[`,
            ),
            legend: `p${quantile * 100}`,
          })),
        },
      ],
    },
    {
      title: "Upstreams",
      panels: [
        {
          title: "Under way",
          description: "Requests that an instance has and has not answered.",
          unit: "short",
          queries: [
            {
              expr: "sum by (exported_service, exported_instance, lane) (gateway_upstream_pending)",
              legend: "{{exported_service}} {{exported_instance}} {{lane}}",
            },
          ],
        },
        {
          title: "Failures, retries and ejections",
          description:
            "Exchanges that failed, requests that were sent a second time, instances taken out.",
          unit: "ops",
          queries: [
            {
              expr: "sum(rate(gateway_upstream_failures_total[$__rate_interval])) or vector(0)",
              legend: "failures",
            },
            {
              expr: "sum(rate(gateway_upstream_retries_total[$__rate_interval])) or vector(0)",
              legend: "retries",
            },
            {
              expr: "sum(rate(gateway_upstream_ejections_total[$__rate_interval])) or vector(0)",
              legend: "ejections",
            },
          ],
        },
        {
          title: "Breakers",
          description: "0 closed: the instance is used.",
          unit: "short",
          limit: 1,
          queries: [
            {
              expr: "max by (exported_service, exported_instance) (gateway_upstream_breaker)",
              legend: "{{exported_service}} {{exported_instance}}",
            },
          ],
        },
      ],
    },
  ],
};
