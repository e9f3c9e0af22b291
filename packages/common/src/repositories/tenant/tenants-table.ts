import type { DefaultedTimestamp } from "../tables.ts";

export interface TenantsTable {
  id: string;
  name: string;
  created_at: DefaultedTimestamp;
}
