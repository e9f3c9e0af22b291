import { type Selectable, sql } from "kysely";
import { type OrreryDatabase, withTenant } from "../database.ts";
import type { Vault, VaultRepository } from "./vault-repository.ts";
import type { VaultsTable } from "./vaults-table.ts";

export class KyselyVaultRepository implements VaultRepository {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async put(
    tenantId: string,
    { userId, contractId }: Pick<Vault, "userId" | "contractId">,
    now: Date,
  ) {
    return withTenant(this.#database, tenantId, async (transaction) => {
      const row = await transaction
        .insertInto("vaults")
        .values({
          tenant_id: tenantId,
          user_id: userId,
          contract_id: contractId,
          created_at: now,
          updated_at: now,
        })
        .onConflict((conflict) =>
          conflict
            .columns(["tenant_id", "user_id"])
            .doUpdateSet({ contract_id: contractId, updated_at: now }),
        )
        .returningAll()
        // A row that this statement inserted has no deleting or locking transaction yet.
        .returning(sql<boolean>`xmax = 0`.as("is_new"))
        .executeTakeFirstOrThrow();
      return { vault: toVault(row), isNew: row.is_new };
    });
  }

  async find(tenantId: string, userId: string): Promise<Vault | undefined> {
    const row = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("vaults")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("user_id", "=", userId)
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : toVault(row);
  }
}

function toVault(row: Selectable<VaultsTable>): Vault {
  return {
    userId: row.user_id,
    contractId: row.contract_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
