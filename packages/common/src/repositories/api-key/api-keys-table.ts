import type { DefaultedTimestamp, Timestamp } from "../tables.ts";

export interface ApiKeysTable {
  tenant_id: string;
  id: string;
  name: string;
  environment: string;
  secret_hash: Buffer;
  scopes: string[];
  created_at: DefaultedTimestamp;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
  last_used_at: Timestamp | null;
  rolled_at: Timestamp | null;
  successor_id: string | null;
}
