import type { Resolution } from "@orrery/soroban/intent/resolution";
import { sql } from "kysely";
import type { OrreryTransaction } from "../database.ts";
import { settleStreams } from "../stream/settle-statements.kysely.ts";
import { settleUsageEvents } from "../usage-event/settle-statements.kysely.ts";
import { isTooLarge, settlementRetryMs } from "./settlement.ts";

/**
 * The journal's resolution hook, of whoever resolves intents: brings usage events, settlements and
 * streams up to date in the transaction that resolves them.
 */
export async function applyResolutions(
  transaction: OrreryTransaction,
  resolutions: readonly Resolution[],
): Promise<void> {
  const settlements = resolutions.filter(({ kind }) => kind === "settlement");
  // First, since who reserves locks a vault before it stores events.
  await distrustBalances(
    transaction,
    settlements.filter(({ failure }) => failure?.reason === "insufficient_balance"),
  );
  await settleUsageEvents(transaction, resolutions);
  await confirm(
    transaction,
    settlements.filter(({ state }) => state === "confirmed"),
  );
  // `unknown` stays as it is: whether it was charged is for an operator to find out.
  const failed = settlements.filter(({ state }) => state === "failed" || state === "refused");
  for (const resolution of failed) await fail(transaction, resolution);
  await settleStreams(transaction, resolutions);
}

/** What was read of a vault that could not pay what was reserved is wrong: nothing goes by it again. */
async function distrustBalances(
  transaction: OrreryTransaction,
  resolutions: readonly Resolution[],
): Promise<void> {
  if (resolutions.length === 0) return;
  // In key order, as everybody locks vaults.
  await sql`
    with wrong as materialized (
      select balances.tenant_id, balances.vault_contract_id
      from vault_balances as balances
      where (balances.tenant_id, balances.vault_contract_id) in (
        select settlements.tenant_id, settlements.vault_contract_id
        from settlements
        join unnest(
          ${resolutions.map(({ tenantId }) => tenantId)}::text[],
          ${resolutions.map(({ subjectId }) => subjectId)}::uuid[]
        ) as given (tenant_id, id)
          on given.tenant_id = settlements.tenant_id and given.id = settlements.id
      )
      order by balances.tenant_id, balances.vault_contract_id
      for no key update
    )
    update vault_balances as balances set read_at = 'epoch'
    from wrong
    where balances.tenant_id = wrong.tenant_id
      and balances.vault_contract_id = wrong.vault_contract_id
  `.execute(transaction);
}

/** Settlements and all their events, in one statement each, however many they are. */
async function confirm(
  transaction: OrreryTransaction,
  resolutions: readonly Resolution[],
): Promise<void> {
  if (resolutions.length === 0) return;
  const given = sql`unnest(
    ${resolutions.map(({ tenantId }) => tenantId)}::text[],
    ${resolutions.map(({ subjectId }) => subjectId)}::uuid[],
    ${resolutions.map(({ txHash }) => txHash ?? null)}::text[],
    ${resolutions.map(({ ledger }) => ledger ?? null)}::bigint[],
    ${resolutions.map(({ resolvedAtMs }) => new Date(resolvedAtMs).toISOString())}::timestamptz[]
  ) as given (tenant_id, id, tx_hash, ledger, settled_at)`;
  await sql`
    update settlements
    set state = 'confirmed', tx_hash = given.tx_hash, ledger = given.ledger,
      settled_at = given.settled_at, failure_reason = null, contract_error = null, retry_at = null
    from ${given}
    where settlements.tenant_id = given.tenant_id and settlements.id = given.id
  `.execute(transaction);
  await sql`
    update usage_events
    set status = 'confirmed', stellar_tx_hash = given.tx_hash, ledger = given.ledger,
      settled_at = given.settled_at
    from ${given}
    where usage_events.tenant_id = given.tenant_id and usage_events.settlement_id = given.id
      and usage_events.status = 'reserved'
  `.execute(transaction);
}

async function fail(transaction: OrreryTransaction, resolution: Resolution): Promise<void> {
  const { tenantId, subjectId, resolvedAtMs } = resolution;
  const { reason = "contract_error", contractError } = resolution.failure ?? {};
  const failure = { failure_reason: reason, contract_error: contractError ?? null };
  const row = await transaction
    .updateTable("settlements")
    .set({ ...failure, state: "failed", failure_count: sql<number>`failure_count + 1` })
    .where("tenant_id", "=", tenantId)
    .where("id", "=", subjectId)
    .returning(["failure_count", "event_count"])
    .executeTakeFirst();
  if (row === undefined) return;
  const settledAt = new Date(resolvedAtMs);
  // What is too large and has no parts is given up; else its parts are tried, or it again.
  const isRejected = row.event_count === "1" && isTooLarge(resolution.failure);
  const end = isRejected
    ? ({ state: "rejected", settled_at: settledAt } as const)
    : { retry_at: new Date(resolvedAtMs + settlementRetryMs(row.failure_count)) };
  await transaction
    .updateTable("settlements")
    .set(end)
    .where("tenant_id", "=", tenantId)
    .where("id", "=", subjectId)
    .execute();
  if (!isRejected) return;
  await transaction
    .updateTable("usage_events")
    .set({ ...failure, status: "failed", settled_at: settledAt })
    .where("tenant_id", "=", tenantId)
    .where("settlement_id", "=", subjectId)
    .where("status", "=", "reserved")
    .execute();
}
