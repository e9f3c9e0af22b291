/** The intents of settlements that have begun to settle, from the CTE that is named. */
const intentsOf = (settlements: string) => `
  insert into submission_intents (
    tenant_id, intent_id, kind, subject_id, vault_contract_id, payee, amount_stroops, marker,
    created_at_ms, armed_at_ms, due_at_ms
  )
  select tenant_id, id, 'settlement', id::text, vault_contract_id, payee, amount_stroops, marker,
    at_ms, at_ms, at_ms
  from ${settlements},
  lateral (select (extract(epoch from closed_at) * 1000)::bigint as at_ms) as times
`;

/**
 * Freezes open settlements (`$1` tenant ids, `$2` ids, `$3` markers, `$4` the present or null) and
 * hands each to the engine. Their vaults must be locked. One that is not open any more is left as it is.
 */
export const CLOSE = `
  with closed as (
    update settlements
    set state = 'settling', closed_at = coalesce($4::timestamptz, clock_timestamp()),
      marker = named.marker
    from unnest($1::text[], $2::uuid[], $3::text[]) as named (tenant_id, id, marker)
    where settlements.tenant_id = named.tenant_id and settlements.id = named.id
      and settlements.state = 'open'
    returning settlements.*
  )
  ${intentsOf("closed")}
`;

/**
 * Parts a failed settlement (`$1` tenant id, `$2` id) of at least two events into two, each with half
 * of the events (`$3`, `$4` ids, `$5`, `$6` markers, `$7` the present or null), and hands both to the
 * engine. Its vault must be locked. One that is not failed any more is left as it is.
 */
export const SPLIT = `
  with split as (
    update settlements set state = 'split', retry_at = null
    where tenant_id = $1 and id = $2 and state = 'failed' and event_count > 1
    returning *
  ),
  ordered as (
    select events.request_id,
      row_number() over (order by events.id) * 2 <= split.event_count as is_first
    from split
    join usage_events as events
      on events.tenant_id = split.tenant_id and events.settlement_id = split.id
  ),
  moved as (
    update usage_events as events
    set settlement_id = case when ordered.is_first then $3::uuid else $4::uuid end
    from ordered
    where events.tenant_id = $1 and events.request_id = ordered.request_id
    returning events.settlement_id, events.amount_usdc
  ),
  sums as (
    select settlement_id, count(*) as event_count,
      (sum(amount_usdc) * 10000000)::bigint as amount_stroops
    from moved
    group by settlement_id
  ),
  halves as (
    insert into settlements (
      tenant_id, id, api_id, payee, vault_contract_id, marker, state, event_count, amount_stroops,
      opened_at, closes_at, closed_at, split_from
    )
    select split.tenant_id, sums.settlement_id, split.api_id, split.payee, split.vault_contract_id,
      case sums.settlement_id when $3::uuid then $5 else $6 end, 'settling', sums.event_count,
      sums.amount_stroops, split.opened_at, split.closes_at,
      coalesce($7::timestamptz, clock_timestamp()), split.id
    from split, sums
    returning *
  )
  ${intentsOf("halves")}
`;
