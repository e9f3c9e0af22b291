import { type Selectable, sql } from "kysely";
import { type OrreryDatabase, type OrreryTransaction, withTenant } from "../database.ts";
import { vaultTaken } from "./vault-problems.ts";
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
      await claim(transaction, tenantId, contractId, now);
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

/** @throws {ProblemError} vault_taken */
async function claim(
  transaction: OrreryTransaction,
  tenantId: string,
  contractId: string,
  now: Date,
): Promise<void> {
  await transaction
    .insertInto("vault_owners")
    .values({ contract_id: contractId, tenant_id: tenantId, claimed_at: now })
    .onConflict((conflict) => conflict.column("contract_id").doNothing())
    .execute();
  const own = await transaction
    .selectFrom("vault_owners")
    .select("contract_id")
    .where("tenant_id", "=", tenantId)
    .where("contract_id", "=", contractId)
    .executeTakeFirst();
  if (own === undefined) throw vaultTaken();
}

function toVault(row: Selectable<VaultsTable>): Vault {
  return {
    userId: row.user_id,
    contractId: row.contract_id,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
