import type { DefaultedTimestamp } from "../tables.ts";

export interface VaultsTable {
  tenant_id: string;
  user_id: string;
  contract_id: string;
  created_at: DefaultedTimestamp;
  updated_at: DefaultedTimestamp;
}

/** The tenant that was the first to name a contract. */
export interface VaultOwnersTable {
  contract_id: string;
  tenant_id: string;
  claimed_at: Date;
}
