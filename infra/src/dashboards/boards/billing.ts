import { type Board, quantileBy, rateBy } from "../board.ts";

export const BILLING: Board = {
  uid: "billing",
  title: "billing",
  description: "Whether everything that is accepted is charged, once, and how soon.",
  rows: [
    {
      title: "Deductions",
      panels: [
        {
          title: "Accepted, confirmed, failed",
          description: "Confirmed follows accepted by a ledger or a settlement's interval.",
          unit: "ops",
          queries: [{ expr: rateBy("billing_deductions_total", "outcome"), legend: "{{outcome}}" }],
        },
        {
          title: "Deductions per hour",
          description: "By what became of them.",
          unit: "short",
          queries: [
            {
              expr: "sum by (outcome) (increase(billing_deductions_total[1h]))",
              legend: "{{outcome}}",
            },
          ],
        },
        {
          title: "Repeats",
          description:
            "Requests whose requestId was known, and those of them that came while the first was still being charged. Many: a client retries too soon.",
          unit: "ops",
          queries: [
            {
              expr: "sum(rate(billing_duplicate_requests_total[$__rate_interval]))",
              legend: "known",
            },
            {
              expr: "sum(rate(billing_request_races_total[$__rate_interval]))",
              legend: "in a race",
            },
            {
              expr: "sum(rate(billing_backlog_full_total[$__rate_interval]))",
              legend: "refused, backlog full",
            },
          ],
        },
        {
          title: "Time to answer, p50 and p99",
          description: "Of the deduct routes.",
          unit: "s",
          queries: [
            {
              expr: quantileBy(0.5, "billing_deduct_duration_seconds", "route"),
              legend: "{{route}} p50",
            },
            {
              expr: quantileBy(0.99, "billing_deduct_duration_seconds", "route"),
              legend: "{{route}} p99",
            },
          ],
        },
      ],
    },
    {
      title: "What is not settled yet",
      panels: [
        {
          title: "Pending, by state",
          description:
            "What the engine works on. `dead` and `sent` that only grow: see the chain's board.",
          unit: "short",
          queries: [{ expr: "sum by (state) (billing_pending)", legend: "{{state}}" }],
        },
        {
          title: "Oldest pending",
          description: "Ten minutes are an alert.",
          unit: "s",
          limit: 600,
          queries: [{ expr: "max(billing_pending_age_seconds)", legend: "oldest" }],
        },
        {
          title: "Outcomes that nobody can tell",
          description: "An operator resolves them: `orrery unknown`.",
          unit: "short",
          limit: 1,
          queries: [{ expr: "max(soroban_unknown_outcomes)", legend: "unknown" }],
        },
        {
          title: "Rows against the chain",
          description: "Open differences; there are none.",
          unit: "short",
          limit: 1,
          queries: [
            { expr: "max by (kind) (billing_reconciliation_differences)", legend: "{{kind}}" },
            { expr: "max(billing_reconciliation_lag_ledgers)", legend: "ledgers to compare" },
          ],
        },
      ],
    },
    {
      title: "Settlements, streams, exports",
      panels: [
        {
          title: "Aggregated settlements",
          description: "By how they ended.",
          unit: "ops",
          queries: [
            { expr: rateBy("billing_settlements_total", "outcome"), legend: "{{outcome}}" },
          ],
        },
        {
          title: "Streams",
          description: "Ends of their charges and of their withdrawals.",
          unit: "ops",
          queries: [
            {
              expr: rateBy("billing_stream_settlements_total", "outcome"),
              legend: "charge {{outcome}}",
            },
            {
              expr: rateBy("billing_stream_withdrawals_total", "outcome"),
              legend: "withdrawal {{outcome}}",
            },
          ],
        },
        {
          title: "Exports",
          description: "Within their retention.",
          unit: "short",
          queries: [{ expr: "max by (state) (export_jobs)", legend: "{{state}}" }],
        },
      ],
    },
  ],
};
