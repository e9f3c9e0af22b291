import { MAX_SETTLEMENT_EVENTS } from "./settlement.ts";

/**
 * What decides about each user's requests to an API, as of one moment after the vaults (`$5` tenant
 * ids, `$6` contract ids) were locked. A vault can still reserve the balance last read, less what was
 * charged in later ledgers, what is pending by itself, and what is reserved in settlements.
 *
 * What may be large is reached through its keys, row by row (`lateral … limit 1`); what is unsettled
 * is few and read once for all vaults. So a plan that was made on small tables stays right on large
 * ones.
 */
export const READ_FACTS = `
  with given as (
    select * from unnest($1::int[], $2::text[], $3::text[], $4::text[])
      as given (place, tenant_id, user_id, api_id)
  ),
  unsettled as materialized (
    select tenant_id, vault_contract_id, id, api_id, payee, state, amount_stroops
    from settlements
    where tenant_id = any($5::text[]) and vault_contract_id = any($6::text[])
      and state <> 'confirmed'
  ),
  held as materialized (
    select tenant_id, vault_contract_id, sum(amount_stroops) as stroops
    from (
      select tenant_id, vault_contract_id, amount_stroops from unsettled
      union all
      select tenant_id, vault_contract_id, amount_stroops from submission_intents
      where tenant_id = any($5) and vault_contract_id = any($6)
        and state = 'received' and kind <> 'settlement'
      union all
      select tenant_id, vault_contract_id, amount_stroops from submission_intents
      where tenant_id = any($5) and vault_contract_id = any($6)
        and state in ('prepared', 'sent', 'dead') and kind <> 'settlement'
      union all
      select tenant_id, vault_contract_id, amount_stroops from submission_intents
      where tenant_id = any($5) and vault_contract_id = any($6)
        and state = 'unknown' and kind <> 'settlement'
    ) as parts
    group by tenant_id, vault_contract_id
  ),
  funds as materialized (
    select balances.tenant_id, balances.vault_contract_id,
      trunc(balances.balance_stroops - charged.stroops - coalesce(held.stroops, 0))::text
        as available,
      extract(epoch from coalesce($7::timestamptz, clock_timestamp()) - balances.read_at) * 1000
        as age_ms
    from unnest($5, $6) as locked (tenant_id, vault_contract_id)
    cross join lateral (
      select * from vault_balances
      where vault_balances.tenant_id = locked.tenant_id
        and vault_balances.vault_contract_id = locked.vault_contract_id
      limit 1
    ) as balances
    cross join lateral (
      select coalesce(sum(amount_stroops), 0) as stroops from submission_intents as intents
      where intents.tenant_id = balances.tenant_id
        and intents.vault_contract_id = balances.vault_contract_id
        and intents.state = 'confirmed' and intents.ledger > balances.ledger
    ) as charged
    left join held
      on held.tenant_id = balances.tenant_id and held.vault_contract_id = balances.vault_contract_id
  ),
  frozen as materialized (
    select given.*, payer.contract_id, apis.payout_address, apis.settlement,
      apis.settle_every_seconds, apis.settle_at_usdc
    from given
    left join lateral (
      select contract_id from vaults
      where vaults.tenant_id = given.tenant_id and vaults.user_id = given.user_id limit 1
    ) as payer on true
    left join lateral (
      select * from registered_apis
      where registered_apis.tenant_id = given.tenant_id and registered_apis.api_id = given.api_id
      limit 1
    ) as apis on true
  )
  select frozen.place,
    frozen.contract_id as "vaultContractId",
    frozen.payout_address as payee,
    frozen.settlement as mode,
    frozen.settle_every_seconds as "everySeconds",
    frozen.settle_at_usdc as "atUsdc",
    open.id as "openId",
    funds.available,
    funds.age_ms::float8 as "ageMs"
  from frozen
  left join funds
    on funds.tenant_id = frozen.tenant_id and funds.vault_contract_id = frozen.contract_id
  left join unsettled as open
    on open.tenant_id = frozen.tenant_id and open.api_id = frozen.api_id
    and open.payee = frozen.payout_address and open.vault_contract_id = frozen.contract_id
    and open.state = 'open'
`;

/** As READ_FACTS answers. */
export interface Facts {
  place: number;
  vaultContractId: string | null;
  payee: string | null;
  mode: "per_request" | "aggregated" | null;
  everySeconds: number | null;
  atUsdc: string | null;
  openId: string | null;
  available: string | null;
  ageMs: number | null;
}

/**
 * Stores the events and adds what was stored, and no more, to their settlements, which it opens
 * where there is none. A request that was stored before is not among the events that come back.
 */
export const RESERVE = `
  with given as (
    select * from unnest(
      $1::text[], $2::text[], $3::uuid[], $4::bytea[], $5::text[], $6::text[], $7::text[],
      $8::text[], $9::bigint[], $10::timestamptz[], $11::uuid[]
    ) as given (
      tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id,
      amount_stroops, created_at, settlement_id
    )
  ),
  opened as (
    select * from unnest(
      $12::text[], $13::uuid[], $14::text[], $15::text[], $16::text[], $17::text[], $18::int[],
      $19::bigint[]
    ) as opened (
      tenant_id, id, api_id, payee, vault_contract_id, marker, every_seconds, at_stroops
    )
  ),
  stored as (
    insert into usage_events (
      tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id, amount_usdc,
      created_at, status, settlement_id
    )
    select tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id,
      amount_stroops * 0.0000001, created_at, 'reserved', settlement_id
    from given
    on conflict (tenant_id, request_id) do nothing
    returning tenant_id, settlement_id, id, amount_usdc
  ),
  added as (
    select tenant_id, settlement_id, count(*) as event_count, array_agg(id) as event_ids,
      (sum(amount_usdc) * 10000000)::bigint as amount_stroops
    from stored
    group by tenant_id, settlement_id
  ),
  summed as (
    insert into settlements (
      tenant_id, id, api_id, payee, vault_contract_id, marker, event_count, amount_stroops,
      opened_at, closes_at
    )
    select opened.tenant_id, opened.id, opened.api_id, opened.payee, opened.vault_contract_id,
      opened.marker, added.event_count, added.amount_stroops, at, at + make_interval(secs => every_seconds)
    from added
    join opened on opened.tenant_id = added.tenant_id and opened.id = added.settlement_id,
    lateral (select coalesce($20::timestamptz, clock_timestamp()) as at) as present
    on conflict (tenant_id, id) do update
    set event_count = settlements.event_count + excluded.event_count,
      amount_stroops = settlements.amount_stroops + excluded.amount_stroops,
      closes_at = least(settlements.closes_at, excluded.closes_at)
    returning tenant_id, id, event_count, amount_stroops
  )
  select summed.tenant_id as "tenantId", summed.id, added.event_ids as "eventIds",
    summed.event_count >= ${MAX_SETTLEMENT_EVENTS}
      or summed.amount_stroops >= coalesce(opened.at_stroops, summed.amount_stroops + 1) as "isFull"
  from summed
  join added on added.tenant_id = summed.tenant_id and added.settlement_id = summed.id
  join opened on opened.tenant_id = summed.tenant_id and opened.id = summed.id
`;

/** As RESERVE answers, one row per settlement. */
export interface Added {
  tenantId: string;
  id: string;
  eventIds: string[];
  isFull: boolean;
}

/**
 * Freezes open settlements (`$1` tenant ids, `$2` ids) and hands each to the engine. Their vaults
 * must be locked. One that is not open any more is left as it is.
 */
export const CLOSE = `
  with closed as (
    update settlements
    set state = 'settling', closed_at = coalesce($3::timestamptz, clock_timestamp())
    from unnest($1::text[], $2::uuid[]) as named (tenant_id, id)
    where settlements.tenant_id = named.tenant_id and settlements.id = named.id
      and settlements.state = 'open'
    returning settlements.*
  )
  insert into submission_intents (
    tenant_id, intent_id, kind, subject_id, vault_contract_id, payee, amount_stroops, marker,
    created_at_ms, armed_at_ms, due_at_ms
  )
  select tenant_id, id, 'settlement', id::text, vault_contract_id, payee, amount_stroops, marker,
    at_ms, at_ms, at_ms
  from closed, lateral (select (extract(epoch from closed_at) * 1000)::bigint as at_ms) as times
`;
