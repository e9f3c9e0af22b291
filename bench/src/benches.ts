import { accept, duplicates } from "./benches/accept.ts";
import { aggregated } from "./benches/aggregated.ts";
import { boards } from "./benches/catalog/boards.ts";
import { burns } from "./benches/catalog/burns.ts";
import { cachedBoard } from "./benches/catalog/cached-board.ts";
import { staleness } from "./benches/catalog/staleness.ts";
import { visibility } from "./benches/catalog/visibility.ts";
import { engine } from "./benches/engine.ts";
import { engineLimits } from "./benches/engine-limits.ts";
import { exports } from "./benches/exports.ts";
import { gateway } from "./benches/gateway.ts";
import { history } from "./benches/history.ts";
import { idempotency } from "./benches/idempotency.ts";
import { latency } from "./benches/latency.ts";
import { listing } from "./benches/listing.ts";
import { locks } from "./benches/locks.ts";
import { observability } from "./benches/observability.ts";
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
  observability,
  gateway,
  boards,
  burns,
  cachedBoard,
  visibility,
  staleness,
];
