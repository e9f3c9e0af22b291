import type { DefaultedTimestamp } from "../tables.ts";

export interface VaultsTable {
  tenant_id: string;
  user_id: string;
  contract_id: string;
  created_at: DefaultedTimestamp;
  updated_at: DefaultedTimestamp;
}
