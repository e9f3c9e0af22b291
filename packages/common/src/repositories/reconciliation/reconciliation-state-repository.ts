import type { Difference, DifferenceKind } from "./difference.ts";

/** The right to move the cursor, until it expires or another instance takes it. */
export interface ReconciliationLease {
  readonly epoch: bigint;
  /** The first ledger that was not compared; undefined before the first run. */
  readonly nextLedger?: number;
}

/** A difference that is not settled. */
export interface OpenDifference extends Difference {
  readonly id: string;
  readonly foundAt: Date;
}

/** What the periodic reconciliation remembers: how far it came, and what does not agree. */
export interface ReconciliationStateRepository {
  /** Takes the lease for `leaseMs`; undefined while another instance has it. */
  lease(owner: string, leaseMs: number): Promise<ReconciliationLease | undefined>;

  /** Moves the cursor and prolongs the lease. False when the lease went to another. */
  advance(lease: ReconciliationLease, nextLedger: number, leaseMs: number): Promise<boolean>;

  /** Hands the lease back. */
  release(lease: ReconciliationLease): Promise<void>;

  /** The first ledger that was not compared; undefined before the first run. */
  findNextLedger(): Promise<number | undefined>;

  /**
   * Notes differences as open and gives those that were not known. One that an operator has closed
   * stays closed; one that was gone and is back is open again.
   */
  note(differences: readonly Difference[], now: Date): Promise<OpenDifference[]>;

  /** By ledger, after the given one. */
  listOpen(after: OpenDifference | undefined, limit: number): Promise<OpenDifference[]>;

  /** Marks differences as gone: rows and chain agree by now. */
  settle(ids: readonly string[], now: Date): Promise<void>;

  countOpen(): Promise<Readonly<Record<DifferenceKind, number>>>;
}
