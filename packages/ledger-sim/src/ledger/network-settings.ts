/**
 * The settings of the simulated network, with mainnet's values where the simulator enforces them.
 * Fees are stroops; sizes are bytes; ages are ledgers.
 */
export interface NetworkSettings {
  readonly passphrase: string;
  readonly protocolVersion: number;
  readonly baseFeeStroops: number;
  readonly baseReserveStroops: number;
  /** Nominal time between two ledgers; the queue's look-ahead on time bounds is twice that. */
  readonly ledgerSeconds: number;
  /** How many ledgers transactions and events can be read back. */
  readonly retentionLedgers: number;
  /** How much of transactions and events is kept at most, whatever the retention in ledgers. */
  readonly retainedBytes: number;
  /** Transactions that wait at most; one more is answered TRY_AGAIN_LATER. */
  readonly queueCapacity: number;
  /** A transaction not applied within so many ledgers is dropped. */
  readonly pendingDepthLedgers: number;
  /** A dropped hash is refused for so many ledgers. */
  readonly banDepthLedgers: number;
  /**
   * The hash of an applied transaction is refused for as long too, as stellar-core does: sending
   * it again then answers TRY_AGAIN_LATER before it answers txBAD_SEQ.
   */
  readonly bansAppliedHashes: boolean;
  readonly minPersistentTtlLedgers: number;
  readonly maxEntryTtlLedgers: number;
  readonly transactionLimits: TransactionLimits;
  readonly ledgerLimits: LedgerLimits;
}

export interface TransactionLimits {
  readonly instructions: number;
  readonly footprintEntries: number;
  readonly writeEntries: number;
  readonly writeBytes: number;
  readonly diskReadEntries: number;
  readonly diskReadBytes: number;
  readonly sizeBytes: number;
  readonly eventsBytes: number;
}

export interface LedgerLimits {
  readonly transactions: number;
  readonly classicOperations: number;
  readonly instructions: number;
  readonly writeEntries: number;
  readonly writeBytes: number;
}

export type SettingsOverrides = Partial<
  Omit<NetworkSettings, "transactionLimits" | "ledgerLimits">
> & {
  readonly transactionLimits?: Partial<TransactionLimits>;
  readonly ledgerLimits?: Partial<LedgerLimits>;
};

const MAINNET: Omit<NetworkSettings, "passphrase"> = {
  protocolVersion: 26,
  baseFeeStroops: 100,
  baseReserveStroops: 5_000_000,
  ledgerSeconds: 5,
  retentionLedgers: 120_960,
  retainedBytes: 256 * 1024 * 1024,
  queueCapacity: 10_000,
  pendingDepthLedgers: 4,
  banDepthLedgers: 10,
  bansAppliedHashes: false,
  minPersistentTtlLedgers: 2_073_600,
  maxEntryTtlLedgers: 3_110_400,
  transactionLimits: {
    instructions: 400_000_000,
    footprintEntries: 400,
    writeEntries: 200,
    writeBytes: 132_096,
    diskReadEntries: 200,
    diskReadBytes: 200_000,
    sizeBytes: 132_096,
    eventsBytes: 16_384,
  },
  ledgerLimits: {
    transactions: 2_000,
    classicOperations: 1_000,
    instructions: 2_400_000_000,
    writeEntries: 1_000,
    writeBytes: 286_720,
  },
};

/** Gives the whole settings: mainnet's values with what `overrides` names replaced. */
export function networkSettings(
  passphrase: string,
  overrides: SettingsOverrides = {},
): NetworkSettings {
  return {
    ...MAINNET,
    ...overrides,
    passphrase,
    transactionLimits: { ...MAINNET.transactionLimits, ...overrides.transactionLimits },
    ledgerLimits: { ...MAINNET.ledgerLimits, ...overrides.ledgerLimits },
  };
}
