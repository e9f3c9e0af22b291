import type { Resolution } from "@orrery/soroban/intent/resolution";
import type { OrreryTransaction } from "../database.ts";
import { settledFields } from "./settled-fields.ts";

/**
 * The journal's resolution hook: brings the events of resolved deductions up to date in the
 * transaction that resolves them.
 */
export async function settleUsageEvents(
  transaction: OrreryTransaction,
  resolutions: readonly Resolution[],
): Promise<void> {
  for (const resolution of resolutions) {
    const settled = settledFields(resolution);
    if (settled === undefined) continue;
    await transaction
      .updateTable("usage_events")
      .set({
        status: settled.status,
        failure_reason: settled.failure?.reason ?? null,
        contract_error: settled.failure?.contractError ?? null,
        stellar_tx_hash: settled.txHash ?? null,
        ledger: settled.ledger === undefined ? null : BigInt(settled.ledger),
        settled_at: settled.settledAt ?? null,
      })
      .where("tenant_id", "=", resolution.tenantId)
      .where("request_id", "=", resolution.subjectId)
      .execute();
  }
}
