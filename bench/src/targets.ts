import type { Target } from "./statistics/verdict.ts";

/**
 * What each figure is held to, by `<bench>/<figure>`. Ratios are against the rival of the same
 * round; `--check` fails on a figure that is below its target by more than the noise.
 */
export const TARGETS: Readonly<Record<string, Target>> = {
  "accept/accepted": { of: "ratio", atLeast: 1, goal: 1.5 },
  "duplicates/answered": { of: "ratio", atLeast: 1.5 },
  "engine/confirmed": { of: "value", atLeast: 5_000 },
  // 50 charges write 17.7 KB of a ledger's 280: less free than that, and no batch fits any more.
  "engine-limits/fill": { of: "value", atLeast: 0.938 },
  "engine-limits/cpu": { of: "value", atMost: 0.2 },
  "signing/envelopes": { of: "value", atLeast: 15_000 },
  "signing/charges": { of: "ratio", atLeast: 5 },
  "signing/overhead": { of: "ratio", atLeast: 0.75 },
  "latency/send-p99": { of: "value", atMost: 20 },
  "latency/polls": { of: "value", atMost: 2 },
  "aggregated/accepted": { of: "value", atLeast: 9_900 },
  "aggregated/memory": { of: "value", atMost: 1.1 },
  "idempotency/joined": { of: "ratio", atLeast: 0.7 },
  "idempotency/detected": { of: "ratio", atLeast: 0.5 },
  "history/latency": { of: "ratio", atMost: 1.2 },
  "exports/csv": { of: "ratio", atLeast: 0.5 },
  "exports/memory": { of: "value", atMost: 64 },
  "exports/memory-of-more": { of: "value", atMost: 64 },
  "locks/overhead": { of: "value", atMost: 1 },
  "listing/p99": { of: "value", atMost: 10 },
  "listing/depth": { of: "ratio", atMost: 1.5 },
  "listing/depth-of-type": { of: "ratio", atMost: 1.5 },
  "search/p99": { of: "value", atMost: 20 },
};
