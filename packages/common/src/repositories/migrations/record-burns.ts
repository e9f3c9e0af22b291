import { type Kysely, sql } from "kysely";

/**
 * Plans that do not hang on statistics: what is met by key is looked up by it, one after the other,
 * whatever the tables hold.
 */
const PLANNED = `
    set plan_cache_mode to force_generic_plan
    set enable_seqscan to off set enable_hashjoin to off set enable_mergejoin to off`;

/** A batch's burns, an array for each field, and the event that tells of each. */
const PARAMETERS = `
      p_tenants text, p_now timestamptz,
      p_tenant_ids text[], p_addresses text[], p_tx_hashes text[], p_event_indexes integer[],
      p_ids uuid[], p_from_addresses text[], p_amounts numeric[], p_burned_by text[],
      p_are_admin_burns boolean[], p_are_verified boolean[], p_burned_at timestamptz[],
      p_created_at timestamptz[],
      p_event_ids uuid[], p_types text[], p_payloads jsonb[], p_topics text[],
      p_occurred_at timestamptz[]`;

/** In key order, so that two batches which share tokens wait for each other in one direction. */
const LOCK_TOKENS = `
      perform from (
        select distinct given.tenant_id collate "C" as tenant_id, given.address collate "C" as address
        from unnest(p_tenant_ids, p_addresses) as given (tenant_id, address)
        order by tenant_id, address
      ) as wanted
      cross join lateral (
        select from tokens
        where tokens.tenant_id = wanted.tenant_id and tokens.address = wanted.address
        for no key update
      ) as locked;`;

/** Each burn in order of arrival takes of what those before it have left of its token's supply. */
const DECIDE_IN_ORDER = `
      for v_turn in
        select given.place, given.amount, given.tenant_id || ' ' || given.address as name,
          token.total_supply, token.listed, known.event_index is not null as is_known
        from unnest(p_tenant_ids, p_addresses, p_tx_hashes, p_event_indexes, p_amounts)
          with ordinality as given (tenant_id, address, tx_hash, event_index, amount, place)
        left join lateral (
          select total_supply, listed from tokens
          where tokens.tenant_id = given.tenant_id and tokens.address = given.address
          limit 1
        ) as token on true
        left join lateral (
          select event_index from token_burns as burn
          where burn.tenant_id = given.tenant_id and burn.token_address = given.address
            and burn.tx_hash = given.tx_hash and burn.event_index = given.event_index
          limit 1
        ) as known on true
        order by given.tenant_id collate "C", given.address collate "C", given.place
      loop
        if v_turn.name is distinct from v_before then
          v_before := v_turn.name;
          v_left := v_turn.total_supply;
        end if;
        v_listed[v_turn.place] := v_turn.listed;
        if v_turn.total_supply is null then
          v_outcomes[v_turn.place] := 'token_not_found';
        elsif v_turn.is_known then
          v_outcomes[v_turn.place] := 'known';
        elsif v_turn.amount > v_left then
          v_outcomes[v_turn.place] := 'burn_exceeds_supply';
        else
          v_outcomes[v_turn.place] := 'recorded';
          v_left := v_left - v_turn.amount;
        end if;
      end loop;`;

/** The scores take a burn from its window once its time has come: none is written with it. */
const STORE = `
      insert into token_burns (
        tenant_id, token_address, tx_hash, event_index, id, from_address, amount, burned_by,
        is_admin_burn, verified, burned_at, created_at
      )
      select given.tenant_id, given.address, given.tx_hash, given.event_index, given.id,
        given.from_address, given.amount, given.burned_by, given.is_admin_burn, given.verified,
        coalesce(given.burned_at, v_now), given.created_at
      from unnest(
        p_tenant_ids, p_addresses, p_tx_hashes, p_event_indexes, p_ids, p_from_addresses, p_amounts,
        p_burned_by, p_are_admin_burns, p_are_verified, p_burned_at, p_created_at, v_outcomes
      ) as given (
        tenant_id, address, tx_hash, event_index, id, from_address, amount, burned_by,
        is_admin_burn, verified, burned_at, created_at, outcome
      )
      where given.outcome = 'recorded';
      insert into burn_windows (
        tenant_id, token_address, tx_hash, event_index, burned_by, amount, listed, burned_at, due_at
      )
      select given.tenant_id, given.address, given.tx_hash, given.event_index, given.burned_by,
        given.amount, given.listed, coalesce(given.burned_at, v_now),
        coalesce(given.burned_at, v_now)
      from unnest(
        p_tenant_ids, p_addresses, p_tx_hashes, p_event_indexes, p_burned_by, p_amounts, v_listed,
        p_burned_at, v_outcomes
      ) as given (
        tenant_id, address, tx_hash, event_index, burned_by, amount, listed, burned_at, outcome
      )
      where given.outcome = 'recorded';
      -- By its place, which stays while the lock is held: no statistics can make it anything else.
      update tokens
      set total_supply = tokens.total_supply - burned.amount,
          total_burned = tokens.total_burned + burned.amount,
          burn_count = tokens.burn_count + burned.burn_count
      from (
        select found.place, given.amount, given.burn_count
        from (
          select given.tenant_id, given.address, sum(given.amount) as amount,
            count(*) as burn_count
          from unnest(p_tenant_ids, p_addresses, p_amounts, v_outcomes)
            as given (tenant_id, address, amount, outcome)
          where given.outcome = 'recorded' group by given.tenant_id, given.address
        ) as given
        cross join lateral (
          select tokens.ctid as place from tokens
          where tokens.tenant_id = given.tenant_id and tokens.address = given.address
          limit 1
        ) as found
      ) as burned
      where tokens.ctid = burned.place;`;

const ANSWER = `
      return query
      insert into outbox (tenant_id, event_id, type, payload, topics, occurred_at)
      select given.tenant_id, given.event_id, given.type, given.payload,
        string_to_array(given.topics, E'\\n'), given.occurred_at
      from unnest(
        p_tenant_ids, p_event_ids, p_types, p_payloads, p_topics, p_occurred_at, v_outcomes
      ) with ordinality as given (
        tenant_id, event_id, type, payload, topics, occurred_at, outcome, place
      )
      where given.outcome = 'recorded' order by given.place
      returning outbox.event_id, 'recorded', v_now, outbox.sequence;
      return query
      select given.event_id, given.outcome, v_now, null::bigint
      from unnest(p_event_ids, v_outcomes) as given (event_id, outcome)
      where given.outcome <> 'recorded';`;

/**
 * Records burns, no two the same, in one round trip and one transaction. A row for each, by its
 * event: \`recorded\`, with the event's place in the outbox, or why it was not. A burn that names no
 * time is of \`recorded_at\`.
 */
const RECORD_BURNS = `
    create function record_burns(${PARAMETERS})
    returns table (event_id uuid, outcome text, recorded_at timestamptz, sequence bigint)
    language plpgsql ${PLANNED} as $record$
    #variable_conflict use_column
    declare
      v_now timestamptz;
      v_turn record;
      v_before text := '';
      v_left numeric;
      v_listed boolean[] := array_fill(null::boolean, array[cardinality(p_ids)]);
      v_outcomes text[] := array_fill(null::text, array[cardinality(p_ids)]);
    begin
      perform set_config('role', 'orrery_request', true),
        set_config('orrery.tenants', p_tenants, true);
      ${LOCK_TOKENS}
      -- Cut, not rounded: half a millisecond ahead would be in the future.
      v_now := date_trunc('milliseconds', coalesce(p_now, clock_timestamp()));
      ${DECIDE_IN_ORDER}
      ${STORE}
      ${ANSWER}
    end
    $record$`;

export async function createRecordFunction(db: Kysely<unknown>): Promise<void> {
  await sql.raw(RECORD_BURNS).execute(db);
}
