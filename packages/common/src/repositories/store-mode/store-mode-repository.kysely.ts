import { sql } from "kysely";
import type { StoredRepository, StoreSetting } from "../cutover/store-mode.ts";
import type { OrreryDatabase } from "../database.ts";
import { withRole } from "../system-role.ts";
import type { StoreModeRepository } from "./store-mode-repository.ts";

export class KyselyStoreModeRepository implements StoreModeRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async find(repository: StoredRepository): Promise<StoreSetting | undefined> {
    return withRole(this.#database, "orrery_mover", (transaction) =>
      transaction
        .selectFrom("store_modes")
        .select(["mode", "reads"])
        .where("repository", "=", repository)
        .executeTakeFirst(),
    );
  }

  async put(repository: StoredRepository, { mode, reads }: StoreSetting): Promise<void> {
    const changed = { mode, reads, switched_at: sql<Date>`clock_timestamp()` };
    await withRole(this.#database, "orrery_mover", (transaction) =>
      transaction
        .insertInto("store_modes")
        .values({ repository, ...changed })
        .onConflict((conflict) => conflict.column("repository").doUpdateSet(changed))
        .execute(),
    );
  }
}
