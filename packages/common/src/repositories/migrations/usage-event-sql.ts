/** Parts that the functions which take usage events share; `p_` names are their parameters. */

/**
 * Plans that do not hang on statistics, which a young table has none of: by index alone, what is met
 * by key in one scan and joined by hash.
 */
export const PLANNED = `
    set plan_cache_mode to force_generic_plan
    set enable_seqscan to off set enable_nestloop to off set enable_mergejoin to off
    set enable_sort to off`;

/** The requests of a batch, an array for each field; places count from 1, in order of arrival. */
export const REQUEST_PARAMETERS = `
      p_tenants text, p_now timestamptz,
      p_tenant_ids text[], p_request_ids text[], p_ids uuid[], p_fingerprints bytea[],
      p_user_ids text[], p_api_ids text[], p_endpoint_ids text[], p_api_key_ids text[],
      p_amounts bigint[], p_created_at timestamptz[]`;

/** What the functions work with, beside their own variables. */
export const PARTY_VARIABLES = `
      v_now timestamptz;
      v_vaults text[];
      v_payees text[];
      v_modes text[];
      v_every_seconds integer[];
      v_full_at_stroops bigint[];
      v_outcomes text[];
      v_turn record;
      v_before text := '';
      v_left bigint;`;

/** Row-level security holds the request role to the transaction's tenants. */
export const ACT_FOR_TENANTS = `
      perform set_config('role', 'orrery_request', true),
        set_config('orrery.tenants', p_tenants, true);`;

/** Who pays, who is paid and how each request's API settles; null where there is no such party. */
export const LOOK_UP_PARTIES = `
      select array_agg(payer.contract_id order by given.place),
        array_agg(api.payout_address order by given.place),
        array_agg(api.settlement order by given.place),
        array_agg(api.settle_every_seconds order by given.place),
        array_agg((api.settle_at_usdc * 10000000)::bigint order by given.place)
      into v_vaults, v_payees, v_modes, v_every_seconds, v_full_at_stroops
      from unnest(p_tenant_ids, p_user_ids, p_api_ids) with ordinality
        as given (tenant_id, user_id, api_id, place)
      left join (
        select * from vaults
        where vaults.tenant_id = any (p_tenant_ids) and vaults.user_id = any (p_user_ids)
      ) as payer on payer.tenant_id = given.tenant_id and payer.user_id = given.user_id
      left join (
        select * from registered_apis
        where registered_apis.tenant_id = any (p_tenant_ids)
          and registered_apis.api_id = any (p_api_ids)
      ) as api on api.tenant_id = given.tenant_id and api.api_id = given.api_id;`;

/**
 * Locks the vaults in key order: who charges one, closes its settlements or stores its balance takes
 * turns. What comes after sees what the holder before committed.
 */
export const LOCK_VAULTS = `
      perform from vault_balances as balances
      where balances.tenant_id = any (p_tenant_ids)
        and balances.vault_contract_id = any (v_vaults)
      order by balances.tenant_id, balances.vault_contract_id
      for no key update;
      v_now := coalesce(p_now, clock_timestamp());`;

/**
 * What the locked vaults have left: the balance last read, less what was charged in later ledgers,
 * what is pending by itself, and what is reserved in settlements. Sorted only so that no index but the
 * one meant gives the order. `open_names` is of `open_ids`: the API and the payee of each.
 */
export const VAULT_FUNDS = `
        select balances.tenant_id, balances.vault_contract_id,
          greatest(
            balances.balance_stroops - charged.stroops - coalesce(pending.stroops, 0)
              - coalesce(unsettled.stroops, 0),
            -1
          )::bigint as left_stroops,
          coalesce(unsettled.stroops, 0) > 0 as is_reserved_from,
          balances.read_at > 'epoch' as is_trusted,
          (extract(epoch from v_now - balances.read_at) * 1000)::double precision as age_ms,
          unsettled.open_ids, unsettled.open_names
        from vault_balances as balances
        cross join lateral (
          select coalesce(sum(intents.amount_stroops), 0) as stroops
          from submission_intents as intents
          where intents.tenant_id = balances.tenant_id
            and intents.vault_contract_id = balances.vault_contract_id
            and intents.state = 'confirmed' and intents.ledger > balances.ledger
            and balances.read_at > 'epoch'
        ) as charged
        left join (
          select held.tenant_id, held.vault_contract_id, sum(held.amount_stroops) as stroops,
            array_agg(held.id) filter (where held.state = 'open') as open_ids,
            array_agg(held.api_id || ' ' || held.payee) filter (where held.state = 'open')
              as open_names
          from (
            select * from settlements as held
            where held.tenant_id = any (p_tenant_ids) and held.vault_contract_id = any (v_vaults)
              and held.state in ('open', 'settling', 'failed')
            order by held.tenant_id, held.vault_contract_id
          ) as held
          group by held.tenant_id, held.vault_contract_id
        ) as unsettled
          on unsettled.tenant_id = balances.tenant_id
          and unsettled.vault_contract_id = balances.vault_contract_id
        left join (
          select held.tenant_id, held.vault_contract_id, sum(held.amount_stroops) as stroops
          from (
            select held.tenant_id, held.vault_contract_id, held.amount_stroops
            from submission_intents as held
            where held.tenant_id = any (p_tenant_ids) and held.vault_contract_id = any (v_vaults)
              and held.state in ('received', 'prepared', 'sent', 'dead', 'unknown')
              and held.kind <> 'settlement'
            order by held.tenant_id, held.vault_contract_id
          ) as held
          group by held.tenant_id, held.vault_contract_id
        ) as pending
          on pending.tenant_id = balances.tenant_id
          and pending.vault_contract_id = balances.vault_contract_id
        where balances.tenant_id = any (p_tenant_ids)
          and balances.vault_contract_id = any (v_vaults)`;
