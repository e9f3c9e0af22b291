import type { FailureReason } from "@orrery/soroban/intent/failure";
import type { Selectable } from "kysely";
import type { Settlement } from "./settlement.ts";
import type { SettlementsTable } from "./settlements-tables.ts";

export function settlementOf(row: Selectable<SettlementsTable>): Settlement {
  return {
    id: row.id,
    apiId: row.api_id,
    payee: row.payee,
    vaultContractId: row.vault_contract_id,
    state: row.state,
    eventCount: Number(row.event_count),
    amountStroops: BigInt(row.amount_stroops),
    openedAt: row.opened_at,
    closesAt: row.closes_at,
    ...(row.closed_at === null ? {} : { closedAt: row.closed_at }),
    ...(row.settled_at === null ? {} : { settledAt: row.settled_at }),
    ...(row.tx_hash === null ? {} : { txHash: row.tx_hash }),
    ...(row.ledger === null ? {} : { ledger: Number(row.ledger) }),
    ...(row.failure_reason === null
      ? {}
      : {
          failure: {
            reason: row.failure_reason as FailureReason,
            ...(row.contract_error === null ? {} : { contractError: row.contract_error }),
          },
        }),
    failureCount: row.failure_count,
    ...(row.retry_at === null ? {} : { retryAt: row.retry_at }),
    ...(row.split_from === null ? {} : { splitFrom: row.split_from }),
  };
}
