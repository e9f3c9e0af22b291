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
 * A vault that nothing is known of yet gets the row that is locked, as one that was never read: so who
 * reserves from it first sees every charge that was accepted before.
 */
const ADD_VAULTS = `
      insert into vault_balances as present (
        tenant_id, vault_contract_id, balance_stroops, ledger, read_at
      )
      select distinct given.tenant_id, given.vault, 0, 0, 'epoch'::timestamptz
      from unnest(p_tenant_ids, v_vaults) as given (tenant_id, vault)
      left join (
        select * from vault_balances
        where vault_balances.tenant_id = any (p_tenant_ids)
          and vault_balances.vault_contract_id = any (v_vaults)
      ) as balances
        on balances.tenant_id = given.tenant_id and balances.vault_contract_id = given.vault
      where given.vault is not null and balances.tenant_id is null
      order by 1, 2
      on conflict (tenant_id, vault_contract_id) do update set read_at = present.read_at;`;

/**
 * Of a vault that is reserved from, a charge may take what the reservations leave, in order of
 * arrival; of any other whatever the chain lets it.
 */
const HOLD_BACK = `
      if exists (
        select from settlements as held
        where held.tenant_id = any (p_tenant_ids) and held.vault_contract_id = any (v_vaults)
          and held.state in ('open', 'settling', 'failed')
      ) then
        for v_turn in
          select given.place, given.amount, given.tenant_id || ' ' || given.vault as vault, funds.*
          from unnest(p_tenant_ids, p_amounts, v_vaults) with ordinality
            as given (tenant_id, amount, vault, place)
          join (${VAULT_FUNDS}) as funds
            on funds.tenant_id = given.tenant_id and funds.vault_contract_id = given.vault
          where funds.is_reserved_from and v_outcomes[given.place] is null
          order by given.tenant_id collate "C", given.vault collate "C", given.place
        loop
          if v_turn.vault <> v_before then
            v_before := v_turn.vault;
            v_left := v_turn.left_stroops;
          end if;
          if not v_turn.is_trusted then
            v_outcomes[v_turn.place] := 'balance_unknown';
          elsif v_turn.amount > v_left then
            v_outcomes[v_turn.place] := 'insufficient_balance';
          else
            v_left := v_left - v_turn.amount;
          end if;
        end loop;
      end if;`;

/** In key order, so that two batches which share keys wait for each other in one direction. */
const STORE = `
      return query
      with stored as (
        insert into usage_events (
          tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id,
          amount_usdc, created_at
        )
        select given.tenant_id, given.request_id, given.id, given.fingerprint, given.user_id,
          given.api_id, given.endpoint_id, given.api_key_id, given.amount * 0.0000001,
          given.created_at
        from unnest(
          p_tenant_ids, p_request_ids, p_ids, p_fingerprints, p_user_ids, p_api_ids,
          p_endpoint_ids, p_api_key_ids, p_amounts, p_created_at, v_outcomes
        ) as given (
          tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id,
          amount, created_at, outcome
        )
        where given.outcome is null
        order by given.tenant_id collate "C", given.request_id collate "C"
        on conflict (tenant_id, request_id) do nothing
        returning tenant_id, id
      ),
      intents as (
        insert into submission_intents (
          tenant_id, intent_id, kind, subject_id, vault_contract_id, payee, amount_stroops, marker,
          created_at_ms, armed_at_ms, due_at_ms
        )
        select given.tenant_id, given.id, 'deduct', given.request_id, given.vault, given.payee,
          given.amount, given.marker, times.at_ms, times.at_ms, times.at_ms
        from stored
        join unnest(
          p_tenant_ids, p_request_ids, p_ids, v_vaults, v_payees, p_amounts, p_markers, p_created_at
        ) as given (tenant_id, request_id, id, vault, payee, amount, marker, created_at)
          on given.tenant_id = stored.tenant_id and given.id = stored.id,
        lateral (select (extract(epoch from given.created_at) * 1000)::bigint as at_ms) as times
      )
      select given.place::integer,
        case when stored.id is not null then 'accepted' else given.outcome end, given.vault
      from unnest(p_tenant_ids, p_ids, v_outcomes, v_vaults) with ordinality
        as given (tenant_id, id, outcome, vault, place)
      left join stored on stored.tenant_id = given.tenant_id and stored.id = given.id;`;

/**
 * Stores requests with their intents, in one round trip and one transaction. One row for each: what
 * is not \`accepted\` was not stored, and without an outcome the key was there already.
 */
const ACCEPT_USAGE_EVENTS = `
    create function accept_usage_events(${REQUEST_PARAMETERS}, p_markers text[])
    returns table (place integer, outcome text, vault_contract_id text)
    language plpgsql ${PLANNED} as $accept$
    #variable_conflict use_column
    declare ${PARTY_VARIABLES}
    begin
      ${ACT_FOR_TENANTS}
      ${LOOK_UP_PARTIES}
      select array_agg(
        case
          when given.vault is null then 'vault_not_found'
          when given.mode is null then 'api_not_found'
          when given.mode <> 'per_request' then given.mode
        end order by given.place
      ) into v_outcomes
      from unnest(v_vaults, v_modes) with ordinality as given (vault, mode, place);
      ${LOCK_VAULTS}
      ${ADD_VAULTS}
      ${HOLD_BACK}
      ${STORE}
    end
    $accept$`;

export async function createAcceptFunction(db: Kysely<unknown>): Promise<void> {
  await sql.raw(ACCEPT_USAGE_EVENTS).execute(db);
}
