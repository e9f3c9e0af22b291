import { type RawBuilder, sql } from "kysely";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import { withRole } from "../system-role.ts";

/** Held by the one who changes scores until his transaction ends; others wait and then see the work. */
const SCORES_LOCK = 7_340_002;
/** Rows moved by one statement: a backlog is worked off in bounded steps. */
const STEP_ROWS = 5_000;

/** The stage of something that happened at `at`, seen at `now`: how many windows it has left, plus 1. */
const stageAt = (at: RawBuilder<unknown>, now: RawBuilder<Date>) => sql<number>`
  case when ${at} >= ${now} - interval '24 hours' then 1
       when ${at} >= ${now} - interval '168 hours' then 2
       when ${at} >= ${now} - interval '720 hours' then 3
       else 4 end`;

/** The first moment at which a window's lower bound, which is inside, has passed `at`. */
const leavesAt = (at: RawBuilder<unknown>, stage: RawBuilder<unknown>) => sql<Date>`
  case ${stage} when 1 then ${at} + interval '24 hours 0.000001 seconds'
                when 2 then ${at} + interval '168 hours 0.000001 seconds'
                when 3 then ${at} + interval '720 hours 0.000001 seconds'
                else 'infinity' end`;

/** Each period with the last stage that still counts in it. */
const PERIOD_STAGES = sql`(values ('24h', 1), ('7d', 2), ('30d', 3), ('all', 4)) as windows (period, last_stage)`;

/**
 * Brings the scores up to `now`: burns whose time has come enter every period that they are inside
 * of, those that have become too old leave it, each once, as its stage says. Set-wise; the history
 * of burns is not read. A caller waits for the one who is at it, so that afterwards all is counted
 * that had committed before the call.
 */
export async function advanceScores(
  database: OrreryDatabase,
  now: () => RawBuilder<Date>,
): Promise<void> {
  while (await isAnythingDue(database, now())) {
    await withRole(database, "orrery_scorer", async (transaction) => {
      await sql`select pg_advisory_xact_lock(${SCORES_LOCK})`.execute(transaction);
      const { rows } = await sql<{ text: string }>`
        select ${now()}::text as text
      `.execute(transaction);
      const at = sql<Date>`${rows[0]?.text}::timestamptz`;
      await moveBurns(transaction, at);
      await moveBurners(transaction, at);
    });
  }
}

/** What another has moved but not committed still looks due, so that "nothing" means counted. */
async function isAnythingDue(database: OrreryDatabase, now: RawBuilder<Date>): Promise<boolean> {
  const { rows } = await withRole(database, "orrery_scorer", (transaction) =>
    sql<{ is_due: boolean }>`
      with clock as (select ${now} as now)
      select exists (
        select from (values (0), (1), (2), (3)) as stages (stage)
        cross join lateral (
          select from burn_windows
          where burn_windows.stage = stages.stage and due_at <= (select now from clock) limit 1
        ) as due
      ) or exists (
        select from burner_windows where due_at < 'infinity' and due_at <= (select now from clock)
      ) as is_due
    `.execute(transaction),
  );
  return rows[0]?.is_due === true;
}

async function moveBurns(transaction: OrreryTransaction, now: RawBuilder<Date>): Promise<void> {
  await sql`
    with due as (
      select burn.* from (values (0), (1), (2), (3)) as stages (stage)
      cross join lateral (
        select * from burn_windows
        where burn_windows.stage = stages.stage and due_at <= ${now}
        order by due_at limit ${STEP_ROWS}
      ) as burn
    ),
    moved as (select due.*, ${stageAt(sql`burned_at`, now)} as next_stage from due),
    kept as (
      update burn_windows as burn
      set stage = moved.next_stage,
          due_at = ${leavesAt(sql`moved.burned_at`, sql`moved.next_stage`)}
      from moved
      where moved.next_stage < 4
        and (burn.tenant_id, burn.token_address, burn.tx_hash, burn.event_index)
          = (moved.tenant_id, moved.token_address, moved.tx_hash, moved.event_index)
    ),
    gone as (
      delete from burn_windows as burn using moved
      where moved.next_stage = 4
        and (burn.tenant_id, burn.token_address, burn.tx_hash, burn.event_index)
          = (moved.tenant_id, moved.token_address, moved.tx_hash, moved.event_index)
    ),
    burners as (
      insert into burner_windows as burner
        (tenant_id, token_address, burned_by, last_burned_at, stage, due_at)
      select tenant_id, token_address, burned_by, max(burned_at), 0, '-infinity'
      from moved where stage = 0
      group by tenant_id, token_address, burned_by
      on conflict (tenant_id, token_address, burned_by) do update
      set last_burned_at = greatest(burner.last_burned_at, excluded.last_burned_at),
          due_at = '-infinity'
    ),
    changes as (
      select tenant_id, token_address, period, bool_or(listed) as listed,
             sum(step * amount) as amount, sum(step) as burn_count
      from moved cross join ${PERIOD_STAGES}
      cross join lateral (
        select (next_stage <= last_stage)::int - (stage between 1 and last_stage)::int as step
      ) as steps
      where step <> 0
      group by tenant_id, token_address, period
    )
    insert into token_scores as score
      (tenant_id, period, token_address, listed, amount, burn_count)
    select tenant_id, period, token_address, listed, amount, burn_count from changes
    on conflict (tenant_id, period, token_address) do update
    set amount = score.amount + excluded.amount,
        burn_count = score.burn_count + excluded.burn_count
  `.execute(transaction);
}

/** A burner's last burn may also move him back: a new one takes him into windows that he had left. */
async function moveBurners(transaction: OrreryTransaction, now: RawBuilder<Date>): Promise<void> {
  await sql`
    with moved as (
      select *, ${stageAt(sql`last_burned_at`, now)} as next_stage
      from burner_windows where due_at < 'infinity' and due_at <= ${now}
      order by due_at limit ${STEP_ROWS}
    ),
    kept as (
      update burner_windows as burner
      set stage = moved.next_stage,
          due_at = ${leavesAt(sql`moved.last_burned_at`, sql`moved.next_stage`)}
      from moved
      where (burner.tenant_id, burner.token_address, burner.burned_by)
        = (moved.tenant_id, moved.token_address, moved.burned_by)
    ),
    changes as (
      select tenant_id, token_address, period, sum(step) as burner_count
      from moved cross join ${PERIOD_STAGES}
      cross join lateral (
        select (next_stage <= last_stage)::int - (stage between 1 and last_stage)::int as step
      ) as steps
      where step <> 0
      group by tenant_id, token_address, period
    )
    update token_scores as score
    set burner_count = score.burner_count + changes.burner_count
    from changes
    where (score.tenant_id, score.period, score.token_address)
      = (changes.tenant_id, changes.period, changes.token_address)
  `.execute(transaction);
}
