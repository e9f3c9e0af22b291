import { ACTIVE_STATES, type ActiveState } from "@orrery/soroban/intent/submission-intent";
import type { JournalCounts } from "@orrery/soroban/journal/submission-journal";
import { sql } from "kysely";
import type { OrreryDatabase } from "../database.ts";

/** What metrics show, read from the partial indexes alone. */
export async function countSubmissions(db: OrreryDatabase): Promise<JournalCounts> {
  const [states, channelStates] = await Promise.all([countIntents(db), countChannels(db)]);
  const pending: Record<ActiveState, number> = { received: 0, prepared: 0, sent: 0, dead: 0 };
  let unknown = 0;
  let oldestPendingAtMs: number | undefined;
  for (const { state, count, oldest } of states) {
    if (state === "unknown") unknown = Number(count);
    const active = ACTIVE_STATES.find((candidate) => candidate === state);
    if (active === undefined) continue;
    pending[active] = Number(count);
    oldestPendingAtMs = Math.min(oldestPendingAtMs ?? Number(oldest), Number(oldest));
  }
  const channels = { absent: 0, ready: 0, leased: 0, bound: 0, quarantined: 0 };
  for (const { state, count } of channelStates) channels[state] = Number(count);
  return {
    pending,
    unknown,
    channels,
    ...(oldestPendingAtMs !== undefined && { oldestPendingAtMs }),
  };
}

async function countIntents(db: OrreryDatabase) {
  const { rows } = await sql<{ state: string; count: string; oldest: string }>`
    select state, count(*) as count, min(armed_at_ms) as oldest
    from submission_intents where state = 'received' group by state
    union all
    select state, count(*), min(armed_at_ms)
    from submission_intents where state in ('prepared', 'sent', 'dead') group by state
    union all
    select state, count(*), min(armed_at_ms)
    from submission_intents where state = 'unknown' group by state
  `.execute(db);
  return rows;
}

function countChannels(db: OrreryDatabase) {
  return db
    .selectFrom("submission_channels")
    .select((eb) => ["state", eb.fn.countAll().as("count")])
    .groupBy("state")
    .execute();
}
