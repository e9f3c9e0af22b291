import { accept, duplicates } from "./benches/accept.ts";
import { aggregated } from "./benches/aggregated.ts";
import { engine } from "./benches/engine.ts";
import { engineLimits } from "./benches/engine-limits.ts";
import { history } from "./benches/history.ts";
import { latency } from "./benches/latency.ts";
import { signing } from "./benches/signing.ts";
import type { Bench } from "./harness/bench.ts";

/** Every bench, in the order in which they are played. */
export const BENCHES: readonly Bench[] = [
  accept,
  duplicates,
  engine,
  engineLimits,
  signing,
  latency,
  aggregated,
  history,
];
