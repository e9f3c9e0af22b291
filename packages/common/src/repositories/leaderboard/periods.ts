import type { Period } from "./leaderboard-repository.ts";

const DAY_MS = 86_400_000;

/** How far back each period reaches; undefined: to the beginning. */
export const PERIOD_MS: Readonly<Record<Period, number | undefined>> = {
  "24h": DAY_MS,
  "7d": 7 * DAY_MS,
  "30d": 30 * DAY_MS,
  all: undefined,
};
