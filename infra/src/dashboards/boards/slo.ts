import type { Board, Panel } from "../board.ts";

const API = 'service="gateway", route=~"/api.*"';
/** Of calls that are to be answered without a server's fault, over 30 days. */
const AVAILABLE = 0.999;
/** Of calls that are to be answered within 500 ms; deductions that wait for a ledger aside. */
const QUICK = 0.99;

const errorShare = (window: string) =>
  `(sum(rate(http_request_duration_seconds_count{${API}, status_code=~"5.."}[${window}])) or vector(0)) / sum(rate(http_request_duration_seconds_count{${API}}[${window}]))`;
const slowShare = (window: string) =>
  `1 - sum(rate(http_request_duration_seconds_bucket{${API}, route!~".*/deduct.*", le="0.5"}[${window}])) / sum(rate(http_request_duration_seconds_count{${API}, route!~".*/deduct.*"}[${window}]))`;

/** How many times as fast as the month allows the budget is spent; windows after the SRE workbook. */
const burnRate = (title: string, share: (window: string) => string, target: number): Panel => ({
  title,
  description: `The objective is ${target * 100} %. 1: the budget lasts the month; 14.4 for an hour is a page.`,
  unit: "short",
  limit: 14.4,
  queries: ["5m", "1h", "6h"].map((window) => ({
    expr: `(${share(window)}) / ${(1 - target).toFixed(4)}`,
    legend: `over ${window}`,
  })),
});

export const SLO: Board = {
  uid: "slo",
  title: "objectives",
  description: "How fast the error budgets are spent.",
  rows: [
    {
      title: "Burn rates",
      panels: [
        burnRate("Answered without a server's fault", errorShare, AVAILABLE),
        burnRate("Answered within 500 ms", slowShare, QUICK),
      ],
    },
    {
      title: "Charging",
      panels: [
        {
          title: "Settled in time",
          description: "The oldest pending deduction; the objective is a minute.",
          unit: "s",
          limit: 60,
          queries: [{ expr: "max(billing_pending_age_seconds)", legend: "oldest pending" }],
        },
      ],
    },
  ],
};
