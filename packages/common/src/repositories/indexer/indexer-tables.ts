import type { ColumnType } from "kysely";
import type { DefaultedTimestamp, Timestamp } from "../tables.ts";
import type { EventSource } from "./rejected-event-repository.ts";

export interface IndexerPositionsTable {
  contract_id: string;
  cursor: string | null;
  ledger: ColumnType<string, number, number>;
  updated_at: DefaultedTimestamp;
  lease_holder: string | null;
  lease_ends_at: DefaultedTimestamp;
}

export interface IndexerGapsTable {
  contract_id: string;
  from_ledger: ColumnType<string, number, number>;
  to_ledger: ColumnType<string, number, number>;
  found_at: DefaultedTimestamp;
}

export interface RejectedEventsTable {
  tenant_id: string;
  event_id: string;
  source: EventSource;
  event: unknown;
  code: string;
  detail: string;
  rejections: ColumnType<number, number | undefined, number>;
  rejected_at: Timestamp;
  wants: string | null;
  retry_at: Timestamp | null;
}
