import type { Generated } from "kysely";
import type { Exact, Timestamp } from "../tables.ts";

export interface TokenBurnsTable {
  tenant_id: string;
  token_address: string;
  tx_hash: string;
  event_index: number;
  id: string;
  from_address: string;
  amount: Exact;
  burned_by: string;
  is_admin_burn: boolean;
  verified: boolean;
  burned_at: Timestamp;
  created_at: Timestamp;
}

/** Where a burn stands in the windows of the boards. */
export interface BurnWindowsTable {
  tenant_id: string;
  token_address: string;
  tx_hash: string;
  event_index: number;
  burned_by: string;
  amount: Exact;
  listed: boolean;
  burned_at: Timestamp;
  stage: Generated<number>;
  due_at: Timestamp;
}
