import type { Generated } from "kysely";
import type { SettlementTerms } from "../settlement/settlement.ts";
import type { DefaultedTimestamp, Exact } from "../tables.ts";

export interface RegisteredApisTable {
  tenant_id: string;
  api_id: string;
  name: string;
  payout_address: string;
  settlement: Generated<SettlementTerms["mode"]>;
  /** Of no meaning per request. */
  settle_every_seconds: Generated<number>;
  settle_at_usdc: Exact | null;
  created_at: DefaultedTimestamp;
  updated_at: DefaultedTimestamp;
}
