import type { FailureReason } from "@orrery/soroban/intent/failure";
import type { Selectable } from "kysely";
import type { UsageEvent } from "./usage-event.ts";
import type { UsageEventsTable } from "./usage-events-table.ts";

export function usageEventOf(row: Selectable<UsageEventsTable>): UsageEvent {
  return {
    id: row.id,
    requestId: row.request_id,
    userId: row.user_id,
    apiId: row.api_id,
    endpointId: row.endpoint_id,
    apiKeyId: row.api_key_id,
    amountStroops: stroopsOf(row.amount_usdc),
    status: row.status,
    fingerprint: row.fingerprint,
    createdAt: row.created_at,
    ...(row.settlement_id === null ? {} : { settlementId: row.settlement_id }),
    ...(row.stellar_tx_hash === null ? {} : { txHash: row.stellar_tx_hash }),
    ...(row.ledger === null ? {} : { ledger: Number(row.ledger) }),
    ...(row.settled_at === null ? {} : { settledAt: row.settled_at }),
    ...(row.failure_reason === null
      ? {}
      : {
          failure: {
            reason: row.failure_reason as FailureReason,
            ...(row.contract_error === null ? {} : { contractError: row.contract_error }),
          },
        }),
  };
}

/** NUMERIC(20,7) text, also of a sum past the most that one charge may be. */
export function stroopsOf(amountUsdc: string): bigint {
  const [whole = "0", fraction = ""] = amountUsdc.split(".");
  return BigInt(`${whole}${fraction.padEnd(7, "0")}`);
}
