import type { ColumnType, Generated } from "kysely";
import type { Exact, Timestamp } from "../tables.ts";

export interface OutboxTable {
  tenant_id: string;
  sequence: Generated<string>;
  event_id: string;
  type: string;
  payload: ColumnType<unknown, string, never>;
  topics: string[];
  occurred_at: Timestamp;
  queued_at: Generated<Date>;
}

export interface CacheGenerationsTable {
  topic: string;
  generation: Exact;
}
