import { type Kysely, sql } from "kysely";
import {
  ACT_FOR_TENANTS,
  LOCK_VAULTS,
  LOOK_UP_PARTIES,
  PARTY_VARIABLES,
  PLANNED,
  REQUEST_PARAMETERS,
  VAULT_FUNDS,
} from "./usage-event-sql.ts";

/**
 * Grants in order of arrival, each that fits what those before it have left of its vault: one that
 * does not fit is refused alone, and a smaller one after it may still fit.
 */
const GRANT_IN_ORDER = `
      for v_turn in
        select given.*, given.tenant_id || ' ' || given.vault as name, funds.left_stroops,
          funds.age_ms,
          funds.open_ids[array_position(funds.open_names, given.api_id || ' ' || given.payee)]
            as open_id
        from unnest(p_tenant_ids, p_amounts, p_api_ids, v_vaults, v_payees, v_modes)
          with ordinality as given (tenant_id, amount, api_id, vault, payee, mode, place)
        left join (${VAULT_FUNDS}) as funds
          on funds.tenant_id = given.tenant_id and funds.vault_contract_id = given.vault
        order by given.tenant_id collate "C", given.vault collate "C", given.place
      loop
        if v_turn.name is distinct from v_before then
          v_before := v_turn.name;
          v_left := v_turn.left_stroops;
        end if;
        v_ages[v_turn.place] := v_turn.age_ms;
        if v_turn.vault is null then
          v_outcomes[v_turn.place] := 'vault_not_found';
        elsif v_turn.mode is null then
          v_outcomes[v_turn.place] := 'api_not_found';
        elsif v_turn.mode <> 'aggregated' then
          v_outcomes[v_turn.place] := v_turn.mode;
        elsif v_turn.age_ms is null or v_turn.age_ms > p_max_age_ms then
          v_outcomes[v_turn.place] := 'balance_unknown';
        elsif v_turn.amount > v_left then
          v_outcomes[v_turn.place] := 'insufficient_balance';
        else
          v_left := v_left - v_turn.amount;
          v_settlements[v_turn.place] := v_turn.open_id;
        end if;
      end loop;`;

/** A UUIDv7 of the present: the time in front of what \`gen_random_uuid\` gives. */
const NEW_ID = `
        overlay(
          overlay(
            gen_random_uuid()::text placing '7' from 15
          ) placing regexp_replace(
            lpad(to_hex((extract(epoch from v_now) * 1000)::bigint), 12, '0'),
            '^(.{8})', '\\1-'
          ) from 1
        )::uuid`;

/** Those of one API, payee and vault share the settlement that they open. */
const NAME_SETTLEMENTS = `
      if array_position(v_settlements, null) is not null then
        select array_agg(coalesce(given.settlement_id, opened.id) order by given.place)
        into v_settlements
        from unnest(v_settlements, v_outcomes, p_tenant_ids, p_api_ids, v_payees, v_vaults)
          with ordinality
          as given (settlement_id, outcome, tenant_id, api_id, payee, vault, place)
        left join (
          select new.*, ${NEW_ID} as id
          from (
            select distinct given.tenant_id, given.api_id, given.payee, given.vault
            from unnest(v_settlements, v_outcomes, p_tenant_ids, p_api_ids, v_payees, v_vaults)
              as given (settlement_id, outcome, tenant_id, api_id, payee, vault)
            where given.outcome is null and given.settlement_id is null
          ) as new
        ) as opened
          on opened.tenant_id = given.tenant_id and opened.api_id = given.api_id
          and opened.payee = given.payee and opened.vault = given.vault
          and given.outcome is null;
      end if;`;

/**
 * Adds what was stored, and no more, to its settlement. A full one is due at once. In key order, so
 * that two batches which share keys wait for each other in one direction.
 */
const STORE = `
      return query
      with stored as (
        insert into usage_events (
          tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id,
          amount_usdc, created_at, status, settlement_id
        )
        select given.tenant_id, given.request_id, given.id, given.fingerprint, given.user_id,
          given.api_id, given.endpoint_id, given.api_key_id, given.amount * 0.0000001,
          given.created_at, 'reserved', given.settlement_id
        from unnest(
          p_tenant_ids, p_request_ids, p_ids, p_fingerprints, p_user_ids, p_api_ids,
          p_endpoint_ids, p_api_key_ids, p_amounts, p_created_at, v_settlements, v_outcomes
        ) as given (
          tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id,
          amount, created_at, settlement_id, outcome
        )
        where given.outcome is null
        order by given.tenant_id collate "C", given.request_id collate "C"
        on conflict (tenant_id, request_id) do nothing
        returning tenant_id, id, settlement_id, amount_usdc
      ),
      added as (
        select stored.tenant_id, stored.settlement_id, count(*) as event_count,
          (sum(stored.amount_usdc) * 10000000)::bigint as amount_stroops
        from stored
        group by stored.tenant_id, stored.settlement_id
      ),
      named as (
        select distinct on (given.tenant_id, given.settlement_id) given.*
        from unnest(
          p_tenant_ids, v_settlements, p_api_ids, v_payees, v_vaults, v_full_at_stroops,
          v_every_seconds
        ) as given (
          tenant_id, settlement_id, api_id, payee, vault, full_at_stroops, every_seconds
        )
      ),
      summed as (
        insert into settlements as present (
          tenant_id, id, api_id, payee, vault_contract_id, event_count, amount_stroops,
          full_at_stroops, opened_at, closes_at
        )
        select added.tenant_id, added.settlement_id, named.api_id, named.payee, named.vault,
          added.event_count, added.amount_stroops, named.full_at_stroops, v_now,
          case
            when added.event_count >= p_max_events
              or added.amount_stroops >= named.full_at_stroops then v_now
            else v_now + make_interval(secs => named.every_seconds)
          end
        from added
        join named
          on named.tenant_id = added.tenant_id and named.settlement_id = added.settlement_id
        on conflict (tenant_id, id) do update set
          event_count = present.event_count + excluded.event_count,
          amount_stroops = present.amount_stroops + excluded.amount_stroops,
          full_at_stroops = excluded.full_at_stroops,
          closes_at = case
            when present.event_count + excluded.event_count >= p_max_events
              or present.amount_stroops + excluded.amount_stroops >= excluded.full_at_stroops
              then v_now
            else least(present.closes_at, excluded.closes_at)
          end
        returning present.tenant_id, present.id, present.closes_at <= v_now as is_full
      )
      select given.place::integer,
        case when stored.id is not null then 'reserved' else given.outcome end,
        given.vault, given.age_ms, stored.settlement_id, summed.is_full
      from unnest(p_tenant_ids, p_ids, v_outcomes, v_vaults, v_ages) with ordinality
        as given (tenant_id, id, outcome, vault, age_ms, place)
      left join stored on stored.tenant_id = given.tenant_id and stored.id = given.id
      left join summed
        on summed.tenant_id = stored.tenant_id and summed.id = stored.settlement_id;`;

/**
 * Reserves requests in settlements, in one round trip and one transaction. One row for each: what is
 * not \`reserved\` was not stored, and without an outcome the key was there already.
 */
const RESERVE_USAGE_EVENTS = `
    create function reserve_usage_events(
      ${REQUEST_PARAMETERS}, p_max_age_ms double precision, p_max_events bigint
    ) returns table (
      place integer, outcome text, vault_contract_id text, balance_age_ms double precision,
      settlement_id uuid, is_full boolean
    ) language plpgsql ${PLANNED} as $reserve$
    #variable_conflict use_column
    declare ${PARTY_VARIABLES}
      v_ages double precision[] := array_fill(null::double precision, array[cardinality(p_ids)]);
      v_settlements uuid[] := array_fill(null::uuid, array[cardinality(p_ids)]);
    begin
      ${ACT_FOR_TENANTS}
      ${LOOK_UP_PARTIES}
      ${LOCK_VAULTS}
      v_outcomes := array_fill(null::text, array[cardinality(p_ids)]);
      ${GRANT_IN_ORDER}
      ${NAME_SETTLEMENTS}
      ${STORE}
    end
    $reserve$`;

export async function createReserveFunction(db: Kysely<unknown>): Promise<void> {
  await sql.raw(RESERVE_USAGE_EVENTS).execute(db);
}
