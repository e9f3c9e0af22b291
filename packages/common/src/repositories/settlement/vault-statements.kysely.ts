/**
 * Locks the vaults of the given users (`$1` tenant ids, `$2` user ids, `$3` API ids) in key order:
 * who reserves against a vault, closes its settlements or stores its balance takes turns. It must
 * be a statement of its own, so that the next one sees what the holder before committed.
 */
export const LOCK_VAULTS = `
  with payers as materialized (
    select distinct given.tenant_id, payer.contract_id
    from unnest($1::text[], $2::text[], $3::text[]) as given (tenant_id, user_id, api_id)
    cross join lateral (
      select from registered_apis as apis
      where apis.tenant_id = given.tenant_id and apis.api_id = given.api_id
        and apis.settlement = 'aggregated'
      limit 1
    ) as api
    cross join lateral (
      select contract_id from vaults
      where vaults.tenant_id = given.tenant_id and vaults.user_id = given.user_id
      limit 1
    ) as payer
  )
  select balances.tenant_id as "tenantId", balances.vault_contract_id as "vaultContractId"
  from vault_balances as balances
  where (balances.tenant_id, balances.vault_contract_id) in (select * from payers)
  order by 1, 2
  for no key update of balances
`;

/**
 * Stores a reading (`$3` stroops, `$4` ledger, `$5` now) of a vault that is locked. Passed over is
 * one of an earlier ledger. One that is lower by no more than the charges under way may show some of
 * them: since those are still held against the vault, the older reading stays, with the new time.
 */
export const STORE_BALANCE = `
  with read as (
    select balances.tenant_id, balances.vault_contract_id,
      balances.balance_stroops - (
        select coalesce(sum(amount_stroops), 0) from submission_intents as charged
        where charged.tenant_id = $1 and charged.vault_contract_id = $2
          and charged.state = 'confirmed' and charged.ledger > balances.ledger
          and charged.ledger <= $4::bigint
      ) as expected,
      (
        select coalesce(sum(amount_stroops), 0) from submission_intents as sent
        where sent.tenant_id = $1 and sent.vault_contract_id = $2
          and sent.state in ('prepared', 'sent', 'dead')
      ) + (
        select coalesce(sum(amount_stroops), 0) from submission_intents as untold
        where untold.tenant_id = $1 and untold.vault_contract_id = $2
          and untold.state = 'unknown'
      ) as under_way
    from vault_balances as balances
    where balances.tenant_id = $1 and balances.vault_contract_id = $2
  ),
  judged as (
    select read.*, $3::bigint >= expected - under_way and $3::bigint < expected as is_explained
    from read
  )
  update vault_balances as balances
  set balance_stroops = case when is_explained then balances.balance_stroops else $3::bigint end,
    ledger = case when is_explained then balances.ledger else $4::bigint end,
    read_at = coalesce($5::timestamptz, clock_timestamp())
  from judged
  where balances.tenant_id = judged.tenant_id
    and balances.vault_contract_id = judged.vault_contract_id
    and balances.ledger <= $4::bigint
`;
