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
          -- Nothing was expected of one that was never read.
          and charged.ledger <= $4::bigint and balances.ledger > 0
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
