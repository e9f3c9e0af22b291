import type { ColumnType } from "kysely";
import type { Exact, Timestamp } from "../tables.ts";

type Counted = ColumnType<string, string | bigint | undefined, string | bigint>;

export interface TokensTable {
  tenant_id: string;
  address: string;
  id: string;
  name: string;
  symbol: string;
  /** Lower-cased name and symbol, which a search looks into. */
  search_text: string;
  decimals: number;
  total_supply: Exact;
  total_burned: Counted;
  burn_count: Counted;
  metadata_uri: string | null;
  listed: boolean;
  created_at: Timestamp;
}

/** What a search for a text reads; kept by a trigger on `tokens`. */
export interface TokenSearchTable {
  tenant_id: string;
  address: string;
  name: string;
  created_at: Timestamp;
  search_text: string;
}
