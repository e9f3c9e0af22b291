import type { OrreryTransaction } from "../database.ts";
import type { AdminAct } from "./admin-act.ts";

/** Keeps an act in the transaction of what it did; a write without one is nobody's. */
export async function appendAct(
  transaction: OrreryTransaction,
  act: AdminAct | undefined,
): Promise<void> {
  if (act === undefined) return;
  await transaction
    .insertInto("admin_audit")
    .values({
      tenant_id: act.tenantId,
      id: act.id,
      action: act.action,
      subject: act.subject,
      principal: act.principal,
      request_id: act.requestId,
      details: JSON.stringify(act.details),
      recorded_at: act.recordedAt,
    })
    .execute();
}
