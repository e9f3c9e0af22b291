import type { Board } from "./board.ts";
import { BILLING } from "./boards/billing.ts";
import { CACHE_AND_EVENTS } from "./boards/cache-and-events.ts";
import { CHAIN } from "./boards/chain.ts";
import { DATABASE } from "./boards/database.ts";
import { GATEWAY } from "./boards/gateway.ts";
import { OVERVIEW } from "./boards/overview.ts";
import { SLO } from "./boards/slo.ts";

/** Every dashboard: each is infra/grafana/dashboards/<uid>.json. */
export const BOARDS: readonly Board[] = [
  OVERVIEW,
  BILLING,
  CHAIN,
  DATABASE,
  CACHE_AND_EVENTS,
  GATEWAY,
  SLO,
];
