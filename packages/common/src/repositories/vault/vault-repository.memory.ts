import { TenantMap } from "../tenant-map.memory.ts";
import { vaultTaken } from "./vault-problems.ts";
import type { Vault, VaultRepository } from "./vault-repository.ts";

export class MemoryVaultRepository implements VaultRepository {
  readonly #vaults = new TenantMap<Vault>();
  /** Tenants by the contract that they were the first to name. */
  readonly #owners = new Map<string, string>();

  async put(
    tenantId: string,
    { userId, contractId }: Pick<Vault, "userId" | "contractId">,
    now: Date,
  ) {
    if ((this.#owners.get(contractId) ?? tenantId) !== tenantId) throw vaultTaken();
    this.#owners.set(contractId, tenantId);
    const stored = this.#vaults.get(tenantId, userId);
    const vault = { userId, contractId, createdAt: stored?.createdAt ?? now, updatedAt: now };
    this.#vaults.set(tenantId, userId, vault);
    return { vault, isNew: stored === undefined };
  }

  async find(tenantId: string, userId: string): Promise<Vault | undefined> {
    return this.#vaults.get(tenantId, userId);
  }
}
