import type { ColumnType, Generated } from "kysely";
import type { Exact, Timestamp } from "../tables.ts";
import type { SettlementState } from "./settlement.ts";

export interface SettlementsTable {
  tenant_id: string;
  id: string;
  api_id: string;
  payee: string;
  vault_contract_id: string;
  /** Of its charge; none while it is open. */
  marker: string | null;
  state: Generated<SettlementState>;
  event_count: Exact;
  amount_stroops: Exact;
  /** The sum at which it closes; none: at its time. */
  full_at_stroops: Exact | null;
  opened_at: Timestamp;
  closes_at: Timestamp;
  closed_at: Timestamp | null;
  settled_at: Timestamp | null;
  tx_hash: string | null;
  ledger: Exact | null;
  failure_reason: string | null;
  contract_error: number | null;
  failure_count: Generated<number>;
  retry_at: Timestamp | null;
  split_from: string | null;
}

/** What the chain last said that a vault holds. */
export interface VaultBalancesTable {
  tenant_id: string;
  vault_contract_id: string;
  balance_stroops: Exact;
  ledger: ColumnType<string, number | bigint, number | bigint>;
  read_at: Timestamp;
}
