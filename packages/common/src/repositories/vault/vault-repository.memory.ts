import { TenantMap } from "../tenant-map.memory.ts";
import type { Vault, VaultRepository } from "./vault-repository.ts";

export class MemoryVaultRepository implements VaultRepository {
  readonly #vaults = new TenantMap<Vault>();

  async put(
    tenantId: string,
    { userId, contractId }: Pick<Vault, "userId" | "contractId">,
    now: Date,
  ) {
    const stored = this.#vaults.get(tenantId, userId);
    const vault = { userId, contractId, createdAt: stored?.createdAt ?? now, updatedAt: now };
    this.#vaults.set(tenantId, userId, vault);
    return { vault, isNew: stored === undefined };
  }

  async find(tenantId: string, userId: string): Promise<Vault | undefined> {
    return this.#vaults.get(tenantId, userId);
  }
}
