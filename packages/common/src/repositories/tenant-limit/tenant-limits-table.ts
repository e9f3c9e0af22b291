import type { JSONColumnType } from "kysely";
import type { Timestamp } from "../tables.ts";

export interface TenantLimitsTable {
  tenant_id: string;
  per_minute: JSONColumnType<Record<string, number>>;
  updated_at: Timestamp;
}
