import type { ColumnType } from "kysely";
import type { Exact, Timestamp } from "../tables.ts";
import type { PoolStatus } from "./pool-repository.ts";

type Counted = ColumnType<string, string | bigint | undefined, string | bigint>;

export interface PoolsTable {
  tenant_id: string;
  pool_id: string;
  name: string;
  category: string;
  token: string;
  end_time: Timestamp;
  status: ColumnType<PoolStatus, PoolStatus | undefined, PoolStatus>;
  outcome: string | null;
  staked_stroops: Exact;
  prediction_count: Counted;
  created_at: Timestamp;
  closed_at: Timestamp | null;
  settled_at: Timestamp | null;
}

export interface PoolEventsTable {
  tenant_id: string;
  event_id: string;
  pool_id: string;
  type: string;
  fingerprint: Buffer;
  recorded_at: Timestamp;
}

export interface PredictionsTable {
  tenant_id: string;
  event_id: string;
  pool_id: string;
  user_address: string;
  outcome: string;
  amount_stroops: Exact;
  placed_at: Timestamp;
}

export interface PoolCountersTable {
  category: string;
  status: PoolStatus;
  slot: number;
  staked_stroops: Exact;
  prediction_count: Exact;
  pool_count: Exact;
}
