/** How far a contract's events have been applied. */
export interface IndexerPosition {
  /** Where the next page begins; undefined: with the first event of `ledger`. */
  readonly cursor: string | undefined;
  readonly ledger: number;
}

/** Ledgers that the network had forgotten before they were read. */
export interface IndexerGap {
  readonly contractId: string;
  readonly fromLedger: number;
  /** Included. */
  readonly toLedger: number;
}

export interface IndexerStatus extends IndexerPosition {
  readonly contractId: string;
  readonly updatedAt: Date;
  readonly gaps: readonly IndexerGap[];
}

/**
 * The positions of the contracts that the deployment follows. Each is led by one instance at a time,
 * which holds a lease by the database's clock and loses its right to write with it.
 */
export interface IndexerPositionRepository {
  /**
   * Takes or renews the lease of a contract. A contract that was never followed begins at
   * `firstLedger`. Undefined: another instance holds it.
   */
  lease(
    contractId: string,
    holder: string,
    options: { readonly leaseMs: number; readonly firstLedger: number },
  ): Promise<IndexerPosition | undefined>;

  /** False: the lease is another's by now, or the position was set back, and nothing was written. */
  advance(
    contractId: string,
    holder: string,
    from: IndexerPosition,
    to: IndexerPosition,
  ): Promise<boolean>;

  /** Writes down what is lost, and goes on behind it; both or neither. */
  skip(gap: IndexerGap, holder: string, from: IndexerPosition): Promise<boolean>;

  /** Gives the lease back. */
  release(contractId: string, holder: string): Promise<void>;

  list(): Promise<readonly IndexerStatus[]>;

  /**
   * Has the contract read again from a ledger on, whoever leads it; events that were applied are not
   * applied twice. Gaps that begin at the ledger or later are forgotten: they are found again if
   * they are still there. A ledger that was not reached yet would skip what is before it: `ahead`.
   */
  rewind(contractId: string, ledger: number): Promise<"rewound" | "ahead" | "not_followed">;
}
