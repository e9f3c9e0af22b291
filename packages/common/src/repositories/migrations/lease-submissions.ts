import { type Kysely, sql } from "kysely";

/** Any number; what leases new submissions takes this lock. */
const LEASE_LOCK = 0x6f72_7265;

/**
 * New submissions for a worker, in one round trip and with a plan that the connection keeps, since
 * it stands between accepting and sending. One worker at a time asks: the statement behind the lock
 * must see what the worker before took, since no vault is given out twice.
 *
 * The statement hops from vault to vault along the partial index, leaves those that have something
 * under way, orders them in turns of their tenants, and takes each one's oldest due intents under an
 * epoch of its own. The cost grows with the vaults that have work, not with their backlog.
 */
export async function createLeaseFunction(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function lease_new_submissions(
      p_owner text, p_now_ms bigint, p_lease_until_ms bigint,
      p_limit integer, p_batch_limit integer, p_after_tenant_id text
    ) returns setof submission_intents language plpgsql as $lease$
    begin
      perform pg_advisory_xact_lock(${sql.raw(String(LEASE_LOCK))});
      return query
      with recursive vault (tenant_id, vault_contract_id) as (
        (
          select tenant_id, vault_contract_id from submission_intents where state = 'received'
          order by tenant_id, vault_contract_id limit 1
        )
        union all
        select next.tenant_id, next.vault_contract_id from vault cross join lateral (
          select i.tenant_id, i.vault_contract_id from submission_intents i
          where state = 'received' and (i.tenant_id, i.vault_contract_id)
            > (vault.tenant_id, vault.vault_contract_id)
          order by i.tenant_id, i.vault_contract_id limit 1
        ) as next
      ),
      free as (
        select vault.*, row_number() over (
          partition by vault.tenant_id order by head.armed_at_ms, head.intent_id
        ) as turn
        from vault cross join lateral (
          select i.armed_at_ms, i.intent_id from submission_intents i
          where state = 'received' and i.tenant_id = vault.tenant_id
            and i.vault_contract_id = vault.vault_contract_id and i.due_at_ms <= p_now_ms
          order by i.armed_at_ms, i.intent_id limit 1
        ) as head
        where not exists (
          select from submission_intents i where (state in ('prepared', 'sent', 'dead')
            or (state = 'received' and lease_owner is not null))
            and i.tenant_id = vault.tenant_id and i.vault_contract_id = vault.vault_contract_id
            and (i.state <> 'received' or i.due_at_ms > p_now_ms)
        )
      ),
      chosen as materialized (
        select first.*, nextval('submission_lease_epochs') as epoch from (
          select tenant_id, vault_contract_id from free
          order by turn, tenant_id <= p_after_tenant_id, tenant_id limit p_limit
        ) as first
      ),
      taken as (
        select rider.tenant_id, rider.intent_id, chosen.epoch from chosen cross join lateral (
          select i.tenant_id, i.intent_id from submission_intents i
          where state = 'received' and i.tenant_id = chosen.tenant_id
            and i.vault_contract_id = chosen.vault_contract_id and i.due_at_ms <= p_now_ms
          order by i.armed_at_ms, i.intent_id limit p_batch_limit for update skip locked
        ) as rider
      )
      update submission_intents i set
        lease_owner = p_owner, lease_epoch = taken.epoch, due_at_ms = p_lease_until_ms
      from taken where i.tenant_id = taken.tenant_id and i.intent_id = taken.intent_id
      returning i.*;
    end
    $lease$
  `.execute(db);
}
