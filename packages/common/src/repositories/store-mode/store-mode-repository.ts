import type { StoredRepository, StoreSetting } from "../cutover/store-mode.ts";

/** What was switched last, which a process that starts goes by. Of the platform, not of a tenant. */
export interface StoreModeRepository {
  /** Undefined: nobody has switched it yet. */
  find(repository: StoredRepository): Promise<StoreSetting | undefined>;

  put(repository: StoredRepository, setting: StoreSetting): Promise<void>;
}
