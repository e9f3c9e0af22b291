import type { ColumnType } from "kysely";
import type { Exact, Timestamp } from "../tables.ts";

export interface UsageEventsTable {
  tenant_id: string;
  request_id: string;
  id: string;
  fingerprint: Buffer;
  user_id: string;
  api_id: string;
  endpoint_id: string;
  api_key_id: string;
  amount_usdc: Exact;
  status: ColumnType<
    "pending" | "reserved" | "confirmed" | "failed",
    "pending" | undefined,
    "pending" | "reserved" | "confirmed" | "failed"
  >;
  failure_reason: string | null;
  contract_error: number | null;
  stellar_tx_hash: string | null;
  ledger: Exact | null;
  settlement_id: string | null;
  created_at: Timestamp;
  settled_at: Timestamp | null;
}
