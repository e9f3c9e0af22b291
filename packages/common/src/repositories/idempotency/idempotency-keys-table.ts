import type { ColumnType } from "kysely";
import type { Exact, Timestamp } from "../tables.ts";

/** Read here; written by the functions of its migration alone. */
export interface IdempotencyKeysTable {
  tenant_id: string;
  /** See `idempotencyToken`. */
  token: string;
  fingerprint: Buffer;
  /** Of the latest claim. */
  epoch: Exact;
  /** While it is ahead, a request with this key is being worked on. */
  lease_until: ColumnType<Date | null>;
  claimed_at: Timestamp;
  expires_at: Timestamp;
  /** Null until the request was answered with something to keep; so are the next two. */
  status: number | null;
  headers: ColumnType<Record<string, string> | null>;
  body: string | null;
  is_secret: boolean;
}
