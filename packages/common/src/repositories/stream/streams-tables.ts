import type { ColumnType } from "kysely";
import type { Exact, Timestamp } from "../tables.ts";
import type { ActivityEvent, ActivityType } from "./activity-event.ts";
import type { SettlingAction, StreamStatus, WithdrawalFailure } from "./stream.ts";

export interface StreamsTable {
  tenant_id: string;
  id: string;
  sender_user_id: string;
  recipient: string;
  token: "USDC";
  rate_per_second_stroops: Exact;
  total_stroops: Exact;
  status: StreamStatus;
  active_ms: Exact;
  active_since: Timestamp | null;
  settled_stroops: Exact;
  settlement_count: number;
  settlement_intent_id: string | null;
  settlement_action: SettlingAction | null;
  settlement_state: "pending" | "confirmed" | null;
  settlement_stroops: Exact | null;
  settlement_active_ms: Exact | null;
  settlement_vault_contract_id: string | null;
  settlement_requested_at: Timestamp | null;
  settlement_tx_hash: string | null;
  settlement_ledger: Exact | null;
  withdrawal_state: "pending" | "succeeded" | "failed" | null;
  withdrawal_effect_id: string | null;
  withdrawal_requested_at: Timestamp | null;
  withdrawal_resolved_at: Timestamp | null;
  withdrawal_failure: WithdrawalFailure | null;
  withdrawal_missing_ledger: Exact | null;
  started_at: Timestamp | null;
  paused_at: Timestamp | null;
  ended_at: Timestamp | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  last_event_at: Timestamp;
}

export interface ActivityEventsTable {
  tenant_id: string;
  happened_at: Timestamp;
  id: string;
  stream_id: string;
  type: ActivityType;
  details: ColumnType<ActivityEvent["details"], string, never>;
}

/** How many rows a list has: the sum over its slots. Kept by triggers. */
export interface ListSizesTable {
  tenant_id: string;
  list: "streams" | "activity" | "activity of stream" | "tokens";
  key: string;
  slot: number;
  size: Exact;
}

export interface UsersTable {
  tenant_id: string;
  wallet_address: string;
  display_name: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}
