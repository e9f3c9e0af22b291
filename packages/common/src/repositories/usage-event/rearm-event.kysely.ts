import { sql } from "kysely";
import type { OrreryTransaction } from "../database.ts";
import { rearmIntent } from "../submission-journal/request-statements.kysely.ts";
import type { HeldBack, Rearming } from "./usage-event-repository.ts";

interface Rearm {
  readonly tenantId: string;
  readonly requestId: string;
  readonly now: Date;
}

/** What a failed event failed to be charged by. */
interface FailedCharge {
  readonly intentId: string;
  readonly settlementId: string | null;
  readonly vaultContractId: string;
  readonly amountStroops: bigint;
}

/** @see UsageEventRepository.rearm */
export async function rearmEvent(transaction: OrreryTransaction, rearm: Rearm): Promise<Rearming> {
  const failed = await findFailed(transaction, rearm);
  if (failed === undefined) return { outcome: "not_failed" };
  const heldBack = await holdBack(transaction, rearm, failed);
  if (heldBack !== undefined) return heldBack;
  const { tenantId, requestId, now } = rearm;
  const { numUpdatedRows } = await transaction
    .updateTable("usage_events")
    .set({
      status: failed.settlementId === null ? "pending" : "reserved",
      failure_reason: null,
      contract_error: null,
      settled_at: null,
    })
    .where("tenant_id", "=", tenantId)
    .where("request_id", "=", requestId)
    .where("status", "=", "failed")
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return { outcome: "not_failed" };
  if (failed.settlementId !== null) {
    await transaction
      .updateTable("settlements")
      .set({ state: "settling", settled_at: null })
      .where("tenant_id", "=", tenantId)
      .where("id", "=", failed.settlementId)
      .where("state", "=", "rejected")
      .execute();
  }
  if (await rearmIntent(transaction, tenantId, failed.intentId, now.getTime())) {
    return { outcome: "rearmed" };
  }
  throw new Error(`usage event ${requestId} is failed, its intent is not`);
}

async function findFailed(
  transaction: OrreryTransaction,
  { tenantId, requestId }: Rearm,
): Promise<FailedCharge | undefined> {
  const row = await transaction
    .selectFrom("usage_events as events")
    .innerJoin("submission_intents as intents", (join) =>
      join
        .onRef("intents.tenant_id", "=", "events.tenant_id")
        .on("intents.intent_id", "=", (eb) => eb.fn.coalesce("events.settlement_id", "events.id")),
    )
    .select([
      "intents.intent_id",
      "events.settlement_id",
      "intents.vault_contract_id",
      "intents.amount_stroops",
    ])
    .where("events.tenant_id", "=", tenantId)
    .where("events.request_id", "=", requestId)
    .where("events.status", "=", "failed")
    .executeTakeFirst();
  return row === undefined
    ? undefined
    : {
        intentId: row.intent_id,
        settlementId: row.settlement_id,
        vaultContractId: row.vault_contract_id,
        amountStroops: BigInt(row.amount_stroops),
      };
}

/** Locks the vault and looks whether reservations leave enough; what belongs to one must fit itself. */
async function holdBack(
  transaction: OrreryTransaction,
  { tenantId, now }: Rearm,
  { vaultContractId, settlementId, amountStroops }: FailedCharge,
): Promise<HeldBack | undefined> {
  await sql`
    select from vault_balances
    where tenant_id = ${tenantId} and vault_contract_id = ${vaultContractId}
    for no key update
  `.execute(transaction);
  const { rows } = await sql<{ left: string; isReservedFrom: boolean; isTrusted: boolean }>`
    select left_stroops as "left", is_reserved_from as "isReservedFrom", is_trusted as "isTrusted"
    from read_vault_funds(array[${tenantId}], array[${vaultContractId}], ${now})
  `.execute(transaction);
  const [funds] = rows;
  if (settlementId === null && funds?.isReservedFrom !== true) return undefined;
  if (funds?.isTrusted !== true) return { outcome: "balance_unknown", vaultContractId };
  if (amountStroops <= BigInt(funds.left)) return undefined;
  return { outcome: "insufficient_balance", vaultContractId };
}
