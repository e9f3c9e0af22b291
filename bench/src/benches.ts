import { accept, duplicates } from "./benches/accept.ts";
import { aggregated } from "./benches/aggregated.ts";
import { engine } from "./benches/engine.ts";
import { engineLimits } from "./benches/engine-limits.ts";
import { exports } from "./benches/exports.ts";
import { history } from "./benches/history.ts";
import { idempotency } from "./benches/idempotency.ts";
import { latency } from "./benches/latency.ts";
import { listing } from "./benches/listing.ts";
import { locks } from "./benches/locks.ts";
import { search } from "./benches/search.ts";
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
  exports,
  locks,
  listing,
  idempotency,
  search,
];
