import { sql } from "kysely";
import type { OrreryDatabase } from "../repositories/database.ts";

/**
 * What is wrong with settlements and their events, a line each; empty when exactly once holds: count
 * and sum of a settlement are those of its events, its one intent charges that sum, a confirmed one
 * has only confirmed events with its own hash and ledger, a rejected one a failed event, any other one
 * only reserved events; one that was split has none left, and its halves are what it was; and no event
 * names a settlement that does not exist or has an intent of its own besides.
 */
export async function findSettlementViolations(database: OrreryDatabase): Promise<string[]> {
  const { rows } = await sql<{ violation: string }>`
    with summed as (
      select tenant_id, settlement_id, count(*) as event_count, sum(amount_usdc) as amount_usdc,
        count(*) filter (where status = 'reserved') as reserved,
        count(*) filter (where status = 'confirmed') as confirmed,
        count(*) filter (where status = 'failed') as failed,
        count(distinct (stellar_tx_hash, ledger)) filter (where status = 'confirmed') as ends,
        min(stellar_tx_hash) as tx_hash, min(ledger) as ledger
      from usage_events where settlement_id is not null group by 1, 2
    )
    select 'sum of ' || s.id as violation
    from settlements s left join summed e on e.tenant_id = s.tenant_id and e.settlement_id = s.id
    where s.state <> 'split' and (e.event_count, e.amount_usdc)
      is distinct from (s.event_count, s.amount_stroops * 0.0000001)
    union all
    select 'halves of ' || s.id
    from settlements s left join lateral (
      select sum(event_count) as event_count, sum(amount_stroops) as amount_stroops
      from settlements half where half.tenant_id = s.tenant_id and half.split_from = s.id
    ) halves on true
    left join summed e on e.tenant_id = s.tenant_id and e.settlement_id = s.id
    where s.state = 'split' and (e.event_count > 0
      or (halves.event_count, halves.amount_stroops)
        is distinct from (s.event_count, s.amount_stroops))
    union all
    select 'intent of ' || s.id
    from settlements s
    left join submission_intents i on i.tenant_id = s.tenant_id and i.intent_id = s.id
    where (s.state = 'open') is distinct from (i.intent_id is null)
      or i.amount_stroops <> s.amount_stroops or i.kind <> 'settlement'
      or i.payee <> s.payee or i.vault_contract_id <> s.vault_contract_id
      or (i.state = 'confirmed') <> (s.state = 'confirmed')
    union all
    select 'events of ' || s.id
    from settlements s left join summed e on e.tenant_id = s.tenant_id and e.settlement_id = s.id
    where case when s.state = 'confirmed'
      then e.confirmed <> s.event_count or e.ends <> 1
        or (e.tx_hash, e.ledger) is distinct from (s.tx_hash, s.ledger)
      when s.state = 'rejected' then e.failed <> s.event_count
      when s.state <> 'split' then e.reserved <> s.event_count end
    union all
    select 'no settlement for ' || e.request_id
    from usage_events e left join settlements s on s.tenant_id = e.tenant_id and s.id = e.settlement_id
    where e.settlement_id is not null and s.id is null
    union all
    select 'charged by itself too: ' || e.request_id
    from usage_events e join submission_intents i on i.tenant_id = e.tenant_id and i.intent_id = e.id
    where e.settlement_id is not null
  `.execute(database);
  return rows.map(({ violation }) => violation);
}
