import { sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import { type OrreryDatabase, translateOutage } from "../database.ts";

/** Rows moved by one statement: a backlog is worked off in bounded steps. */
const STEP_ROWS = 5_000;

/**
 * Brings the scores up to the present: burns whose time has come enter every period that they are
 * inside of, those that have become too old leave it, each once. Set-wise; the history of burns is not
 * read. A caller waits for the one who is at it, so that afterwards all is counted that had committed
 * before the call; what commits later is for the next one, however fast it comes.
 */
export async function advanceScores(
  database: OrreryDatabase,
  clock: Clock | undefined,
): Promise<void> {
  // A step that is not full has seen the end of what was due when it began.
  while ((await advanceOnce(database, clock)) >= STEP_ROWS);
}

async function advanceOnce(database: OrreryDatabase, clock: Clock | undefined): Promise<number> {
  const now = clock === undefined ? null : new Date(clock()).toISOString();
  const { rows } = await translateOutage(() =>
    sql<{ moved: number }>`select advance_scores(${now}, ${STEP_ROWS}) as moved`.execute(database),
  );
  return rows[0]?.moved ?? 0;
}
