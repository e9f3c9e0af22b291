import type { ColumnType, Generated } from "kysely";
import type { ConsumerGroup } from "../../events/bus/consumer-groups.ts";
import type { Timestamp } from "../tables.ts";

export interface DeadLettersTable {
  tenant_id: string;
  consumer_group: ConsumerGroup;
  event_id: string;
  /** Of whatever release's catalogue. */
  type: string;
  payload: ColumnType<unknown, string, never>;
  occurred_at: Timestamp;
  detail: string;
  deliveries: number;
  buried_at: Timestamp;
}

export interface AppliedEventsTable {
  tenant_id: string;
  consumer_group: ConsumerGroup;
  event_id: string;
  applied_at: Generated<Date>;
}
