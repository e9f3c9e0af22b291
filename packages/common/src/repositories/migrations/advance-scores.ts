import { type Kysely, sql } from "kysely";

/** Held by the one who changes scores until his transaction ends; others wait and then see the work. */
const SCORES_LOCK = 7_340_002;

/** Plans that do not hang on statistics: what is met by key or place is looked up by it. */
const PLANNED = `
    set plan_cache_mode to force_generic_plan
    set enable_seqscan to off set enable_hashjoin to off set enable_mergejoin to off`;

/** What another has moved but not committed still looks due, so that "nothing" means counted. */
const RETURN_IF_NOTHING_IS_DUE = `
      if not exists (
        select from (values (0), (1), (2), (3)) as stages (stage)
        cross join lateral (
          select from burn_windows
          where burn_windows.stage = stages.stage and due_at <= v_now limit 1
        ) as due
      ) and not exists (
        select from burner_windows where due_at < 'infinity' and due_at <= v_now
      ) then
        return 0;
      end if;`;

/** The stage of something that happened at `at`: how many windows it has left, plus 1. */
const stageAt = (at: string) => `
          case when ${at} >= v_now - interval '24 hours' then 1
               when ${at} >= v_now - interval '168 hours' then 2
               when ${at} >= v_now - interval '720 hours' then 3
               else 4 end`;

/** The first moment at which a window's lower bound, which is inside, has passed `at`. */
const leavesAt = (at: string, stage: string) => `
          case ${stage} when 1 then ${at} + interval '24 hours 0.000001 seconds'
                        when 2 then ${at} + interval '168 hours 0.000001 seconds'
                        when 3 then ${at} + interval '720 hours 0.000001 seconds'
                        else 'infinity' end`;

/** What each moved row adds to or takes from each period; a period's last stage still counts in it. */
const STEPS = `
        cross join (values ('24h', 1), ('7d', 2), ('30d', 3), ('all', 4))
          as windows (period, last_stage)
        cross join lateral (
          select (next_stage <= last_stage)::int - (stage between 1 and last_stage)::int as step
        ) as steps
        where step <> 0
        group by tenant_id, token_address, period`;

/** Rows are changed by their place: whoever changes one holds the lock. */
const MOVE_BURNS = `
      with due as (
        select burn.* from (values (0), (1), (2), (3)) as stages (stage)
        cross join lateral (
          select *, burn_windows.ctid as place from burn_windows
          where burn_windows.stage = stages.stage and due_at <= v_now
          order by due_at limit p_step_rows
        ) as burn
      ),
      moved as materialized (select due.*, ${stageAt("burned_at")} as next_stage from due),
      kept as (
        update burn_windows as burn
        set stage = moved.next_stage,
            due_at = ${leavesAt("moved.burned_at", "moved.next_stage")}
        from moved where moved.next_stage < 4 and burn.ctid = moved.place
      ),
      gone as (
        delete from burn_windows as burn using moved
        where moved.next_stage = 4 and burn.ctid = moved.place
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
        from moved ${STEPS}
      ),
      counted as (
        insert into token_scores as score
          (tenant_id, period, token_address, listed, amount, burn_count)
        select tenant_id, period, token_address, listed, amount, burn_count from changes
        on conflict (tenant_id, period, token_address) do update
        set amount = score.amount + excluded.amount,
            burn_count = score.burn_count + excluded.burn_count
      )
      select coalesce(max(count), 0) into v_burns
      from (select count(*) as count from moved group by stage) as stages;`;

/** A burner's last burn may also move him back: a new one takes him into windows that he had left. */
const MOVE_BURNERS = `
      with moved as materialized (
        select *, burner_windows.ctid as place, ${stageAt("last_burned_at")} as next_stage
        from burner_windows where due_at < 'infinity' and due_at <= v_now
        order by due_at limit p_step_rows
      ),
      kept as (
        update burner_windows as burner
        set stage = moved.next_stage,
            due_at = ${leavesAt("moved.last_burned_at", "moved.next_stage")}
        from moved where burner.ctid = moved.place
      ),
      changes as (
        select tenant_id, token_address, period, sum(step) as burner_count
        from moved ${STEPS}
      ),
      counted as (
        update token_scores as score
        set burner_count = score.burner_count + located.burner_count
        from (
          select found.place, changes.burner_count from changes
          cross join lateral (
            select token_scores.ctid as place from token_scores
            where token_scores.tenant_id = changes.tenant_id
              and token_scores.period = changes.period
              and token_scores.token_address = changes.token_address
            limit 1
          ) as found
        ) as located
        where score.ctid = located.place
      )
      select count(*) into v_burners from moved;`;

/**
 * Moves what is due, set-wise, in one round trip: burns whose time has come enter every period that
 * they are inside of, those that have become too old leave it, each once, as its stage says. Gives how
 * many were moved of the kind of which most were; with \`p_step_rows\` there may be more.
 *
 * What it changes follows from what has committed, so that a crash which forgets it costs nothing but
 * doing it again: nobody waits for the disk.
 */
const ADVANCE_SCORES = `
    create function advance_scores(p_now timestamptz, p_step_rows integer) returns integer
    language plpgsql ${PLANNED} as $advance$
    #variable_conflict use_column
    declare
      v_now timestamptz;
      v_burns integer;
      v_burners integer;
    begin
      perform set_config('role', 'orrery_scorer', true),
        set_config('synchronous_commit', 'off', true);
      v_now := coalesce(p_now, clock_timestamp());
      ${RETURN_IF_NOTHING_IS_DUE}
      perform pg_advisory_xact_lock(${SCORES_LOCK});
      -- Statements from here on see what whoever had the lock before has committed.
      v_now := coalesce(p_now, clock_timestamp());
      ${MOVE_BURNS}
      ${MOVE_BURNERS}
      return greatest(v_burns, v_burners);
    end
    $advance$`;

export async function createAdvanceFunction(db: Kysely<unknown>): Promise<void> {
  await sql.raw(ADVANCE_SCORES).execute(db);
}
