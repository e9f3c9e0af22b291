/** Which vault contract a user pays from. */
export interface Vault {
  readonly userId: string;
  /** A contract address, `C…`. */
  readonly contractId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface VaultRepository {
  /**
   * Sets the user's vault. A later charge pays from the new one; accepted charges keep theirs. The
   * tenant that was the first to name a contract keeps it.
   * @throws {ProblemError} vault_taken
   */
  put(
    tenantId: string,
    vault: { userId: string; contractId: string },
    now: Date,
  ): Promise<{ vault: Vault; isNew: boolean }>;

  find(tenantId: string, userId: string): Promise<Vault | undefined>;
}
