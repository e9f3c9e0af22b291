import type { Exact, Timestamp } from "../tables.ts";

/** Where the last burn of a token's burner stands in the windows. */
export interface BurnerWindowsTable {
  tenant_id: string;
  token_address: string;
  burned_by: string;
  last_burned_at: Timestamp;
  stage: number;
  due_at: Timestamp;
}

export interface TokenScoresTable {
  tenant_id: string;
  period: string;
  token_address: string;
  listed: boolean;
  amount: Exact;
  burn_count: Exact;
  burner_count: Exact;
}
