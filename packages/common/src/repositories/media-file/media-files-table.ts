import type { Exact, Timestamp } from "../tables.ts";

export interface MediaFilesTable {
  tenant_id: string;
  token_address: string;
  path: string;
  content_type: string;
  bytes: Exact;
  sha256: string;
  updated_at: Timestamp;
}
