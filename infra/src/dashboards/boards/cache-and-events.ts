import { type Board, quantileBy, rateBy } from "../board.ts";

export const CACHE_AND_EVENTS: Board = {
  uid: "cache-and-events",
  title: "cache and events",
  description: "How much the catalog's caches answer, and how far events are on their way.",
  rows: [
    {
      title: "Caches",
      panels: [
        {
          title: "Hit rate",
          description: "`bypass` counts against it: the cache was not trusted then.",
          unit: "percentunit",
          queries: [
            {
              expr: 'sum by (cache) (rate(cache_requests_total{result="hit"}[$__rate_interval])) / sum by (cache) (rate(cache_requests_total[$__rate_interval]))',
              legend: "{{cache}}",
            },
          ],
        },
        {
          title: "Reads, by result",
          description: "Of all caches.",
          unit: "ops",
          queries: [{ expr: rateBy("cache_requests_total", "result"), legend: "{{result}}" }],
        },
        {
          title: "Computing a value, p99",
          description: "One at a time for a key in the whole deployment.",
          unit: "s",
          queries: [
            { expr: quantileBy(0.99, "cache_recompute_seconds", "cache"), legend: "{{cache}}" },
          ],
        },
        {
          title: "Readers of live boards",
          description: "Open streams of server-sent events.",
          unit: "short",
          queries: [{ expr: "sum(catalog_live_readers)", legend: "readers" }],
        },
      ],
    },
    {
      title: "Events",
      panels: [
        {
          title: "Age of the outbox",
          description: "How long the oldest event has waited for a relay.",
          unit: "s",
          limit: 30,
          queries: [{ expr: "max(outbox_lag_seconds)", legend: "oldest" }],
        },
        {
          title: "Published",
          description: "Events that were put on the bus.",
          unit: "ops",
          queries: [{ expr: rateBy("events_published_total", "topic"), legend: "{{topic}}" }],
        },
      ],
    },
  ],
};
