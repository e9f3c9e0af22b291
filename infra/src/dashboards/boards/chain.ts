import { type Board, rateBy } from "../board.ts";

export const CHAIN: Board = {
  uid: "chain",
  title: "chain",
  description: "What is given to the network, what it makes of it, and who reads it.",
  rows: [
    {
      title: "Submission",
      panels: [
        {
          title: "Transactions, by the network's answer",
          description: "Each carries many charges; one that is sent again is counted again.",
          unit: "ops",
          queries: [
            { expr: rateBy("soroban_submissions_total", "outcome"), legend: "{{outcome}}" },
          ],
        },
        {
          title: "Submissions against deductions",
          description:
            "Transactions given to the network for each deduction that was accepted: far below 1 where charges share batches.",
          unit: "short",
          queries: [
            {
              expr: 'sum(rate(soroban_submissions_total[$__rate_interval])) / (sum(rate(billing_deductions_total{outcome="accepted"}[$__rate_interval])) > 0)',
              legend: "submissions for a deduction",
            },
          ],
        },
        {
          title: "Channel accounts, by state",
          description: "None idle for long: more are needed, or they wait for proofs.",
          unit: "short",
          queries: [{ expr: "max by (state) (soroban_channels)", legend: "{{state}}" }],
        },
      ],
    },
    {
      title: "Indexer",
      panels: [
        {
          title: "Ledgers behind",
          description: "Closed but not read, of the contract that is furthest behind.",
          unit: "short",
          limit: 100,
          queries: [{ expr: "max(indexer_lag_ledgers)", legend: "ledgers" }],
        },
      ],
    },
  ],
};
