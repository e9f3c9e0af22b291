import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import type { Vault, VaultRepository } from "@orrery/common/repositories/vault/vault-repository";
import { assertAddress } from "../stellar-address.ts";

/** Which vault contract each user pays from. */
export class VaultService {
  readonly #vaults: VaultRepository;
  readonly #clock: Clock;

  constructor(vaults: VaultRepository, clock: Clock) {
    this.#vaults = vaults;
    this.#clock = clock;
  }

  /** @throws {ProblemError} invalid_request when the contract's checksum is wrong, vault_taken */
  async put(
    tenantId: string,
    vault: { userId: string; contractId: string },
  ): Promise<{ vault: Vault; isNew: boolean }> {
    assertAddress(vault.contractId, "#/contractId");
    return this.#vaults.put(tenantId, vault, new Date(this.#clock()));
  }

  /** @throws {ProblemError} vault_not_found */
  async get(tenantId: string, userId: string): Promise<Vault> {
    const vault = await this.#vaults.find(tenantId, userId);
    if (vault !== undefined) return vault;
    throw new ProblemError("vault_not_found", `The user ${userId} has no vault.`);
  }
}
