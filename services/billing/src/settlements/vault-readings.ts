import type { BalanceReading } from "@orrery/common/repositories/settlement/settlement-repository";

interface VaultReadingsOptions {
  /** @throws {ProblemError} soroban_unavailable, vault_not_found when there is no such contract */
  readBalance: (vaultContractId: string) => Promise<BalanceReading>;
  store: (tenantId: string, vaultContractId: string, reading: BalanceReading) => Promise<void>;
  onBackgroundError: (error: unknown) => void;
}

interface Reads {
  readonly current: Promise<void>;
  next: Promise<void> | undefined;
}

/** Reads vaults and stores what the chain said; of each vault one read is under way at a time. */
export class VaultReadings {
  readonly #options: VaultReadingsOptions;
  readonly #reads = new Map<string, Reads>();

  constructor(options: VaultReadingsOptions) {
    this.#options = options;
  }

  /**
   * Resolves when a reading that began after this call is stored: all who ask while one is under
   * way share the next.
   * @throws {ProblemError} soroban_unavailable, vault_not_found
   */
  async refresh(tenantId: string, vaultContractId: string): Promise<void> {
    const key = `${tenantId}\n${vaultContractId}`;
    const reads = this.#reads.get(key);
    if (reads === undefined) return this.#start(key, tenantId, vaultContractId);
    reads.next ??= reads.current
      .catch(() => {})
      .then(() => this.#start(key, tenantId, vaultContractId));
    return reads.next;
  }

  /** Reads in the background, unless a read is under way. */
  refreshSoon(tenantId: string, vaultContractId: string): void {
    if (this.#reads.has(`${tenantId}\n${vaultContractId}`)) return;
    this.refresh(tenantId, vaultContractId).catch(this.#options.onBackgroundError);
  }

  async #start(key: string, tenantId: string, vaultContractId: string): Promise<void> {
    const reads: Reads = { current: this.#read(tenantId, vaultContractId), next: undefined };
    this.#reads.set(key, reads);
    try {
      await reads.current;
    } finally {
      if (reads.next === undefined) this.#reads.delete(key);
    }
  }

  async #read(tenantId: string, vaultContractId: string): Promise<void> {
    const reading = await this.#options.readBalance(vaultContractId);
    await this.#options.store(tenantId, vaultContractId, reading);
  }
}
