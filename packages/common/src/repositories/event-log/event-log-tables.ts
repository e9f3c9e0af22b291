import type { ColumnType, Generated } from "kysely";
import type { EventType } from "../../contracts/events.ts";
import type { Exact, Timestamp } from "../tables.ts";

export interface EventTopicsTable {
  topic: EventType;
  position: Exact;
}

export interface EventLogTable {
  tenant_id: string;
  topic: EventType;
  position: Exact;
  event_id: string;
  payload: ColumnType<unknown, string, never>;
  occurred_at: Timestamp;
  logged_at: Generated<Date>;
}
