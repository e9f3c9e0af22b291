import type { StoredRepository, StoreMode, StoreSide } from "../cutover/store-mode.ts";
import type { Timestamp } from "../tables.ts";

export interface StoreModesTable {
  repository: StoredRepository;
  mode: StoreMode;
  reads: StoreSide;
  switched_at: Timestamp;
}
