import type { JSONColumnType } from "kysely";
import type { Timestamp } from "../tables.ts";

export interface AdminAuditTable {
  tenant_id: string;
  id: string;
  action: string;
  subject: string;
  principal: string;
  request_id: string;
  details: JSONColumnType<Record<string, unknown>>;
  recorded_at: Timestamp;
}
