import { type RawBuilder, sql } from "kysely";
import type { Clock } from "../contracts/clock.ts";

/** The present as SQL: the database's own clock, or the one that a test holds still. */
export function databaseNow(clock: Clock | undefined): RawBuilder<Date> {
  return clock === undefined
    ? sql<Date>`clock_timestamp()`
    : sql<Date>`${new Date(clock()).toISOString()}::timestamptz`;
}
