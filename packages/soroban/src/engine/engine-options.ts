import { randomUUID } from "node:crypto";
import { MAX_BATCH, type SubmissionJournal } from "../journal/submission-journal.ts";
import type { BackOff } from "../pacing/back-off.ts";
import { DEFAULT_FEE_POLICY, type FeePolicy } from "../pacing/fee-policy.ts";
import type { SorobanRpc } from "../rpc/soroban-rpc.ts";
import type { Signer } from "../signing/signer.ts";
import { DEFAULT_VAULT_INTERFACE, type VaultInterface } from "../vault/vault-call.ts";

/** What the engine says of itself; a pino logger fits. Never given a key or an envelope. */
export interface EngineLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The engine's only source of delays, so that a simulation can own time. */
export interface Timers {
  /** Runs `work` once after `delayMs`; the result cancels it. */
  after(delayMs: number, work: () => void): () => void;
}

/** The knobs of the engine, all with a default. Times in milliseconds, bounds in ledgers. */
export interface EngineSettings {
  /** How long a transaction may wait for a ledger. Dropped ones are banned for ten: keep it short. */
  readonly validityLedgers: number;
  /** The first guess of the network's rhythm; the engine then learns it. */
  readonly expectedLedgerMs: number;
  /** The bound on submissions that one engine works on at a time. */
  readonly maxInFlight: number;
  /** The bound on intents of one vault that ride in one transaction; the contract takes 50. */
  readonly maxBatch: number;
  readonly leaseMs: number;
  /** How long a channel may stay leased without being bound to a submission. */
  readonly channelLeaseMs: number;
  /** How often to look for what other instances stored or left, when nothing else wakes the engine. */
  readonly idlePollMs: number;
  /** An intent that could not be sent for so long fails as `expired`. */
  readonly expiresMs: number;
  readonly quarantineMs: number;
  /** The network's minimum persistent TTL: how long the absence of a marker proves anything. */
  readonly minPersistentTtlLedgers: number;
  readonly rpcBackOff: BackOff;
  readonly retryBackOff: BackOff;
  readonly feePolicy: FeePolicy;
  readonly vault: VaultInterface;
  /** What a new channel account is given, and a low one filled up to, in XLM. */
  readonly channelStartingBalanceXlm: string;
  /** Below this a channel account is put aside and filled up, in XLM. */
  readonly channelMinBalanceXlm: string;
  /** How often the channel accounts are looked at. */
  readonly channelCheckMs: number;
}

const DEFAULT_SETTINGS: EngineSettings = {
  validityLedgers: 8,
  expectedLedgerMs: 5_000,
  maxInFlight: 200,
  maxBatch: MAX_BATCH,
  leaseMs: 30_000,
  channelLeaseMs: 8_000,
  idlePollMs: 500,
  expiresMs: 24 * 3_600_000,
  quarantineMs: 60_000,
  minPersistentTtlLedgers: 2_073_600,
  rpcBackOff: { baseMs: 200, maxMs: 5_000 },
  retryBackOff: { baseMs: 500, maxMs: 10_000 },
  feePolicy: DEFAULT_FEE_POLICY,
  vault: DEFAULT_VAULT_INTERFACE,
  channelStartingBalanceXlm: "10",
  channelMinBalanceXlm: "3",
  channelCheckMs: 60_000,
};

export interface SubmissionEngineOptions {
  readonly journal: SubmissionJournal;
  readonly rpc: SorobanRpc;
  readonly networkPassphrase: string;
  /** The vaults' authorised caller: source of every charge, and the treasury of the channels. */
  readonly signer: Signer;
  readonly channels: {
    /** How many channel accounts to use: N of them carry N transactions in each ledger. */
    readonly count: number;
    readonly signer: (index: number) => Signer;
  };
  /** This worker's name in the journal. */
  readonly owner?: string;
  readonly settings?: Partial<EngineSettings>;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** 0 … 1, for jitter only. */
  readonly random: () => number;
  /** New UUIDs for attempts. */
  readonly newId?: () => string;
  readonly timers?: Timers;
  readonly logger?: EngineLogger;
}

const SILENT: EngineLogger = { info: () => {}, warn: () => {}, error: () => {} };

const REAL_TIMERS: Timers = {
  after(delayMs, work) {
    const timer = setTimeout(work, delayMs);
    return () => clearTimeout(timer);
  },
};

export type EngineDependencies = ReturnType<typeof withDefaults>;

/** The options with every default filled in. */
export function withDefaults(options: SubmissionEngineOptions) {
  return {
    owner: `engine-${randomUUID()}`,
    newId: () => randomUUID(),
    timers: REAL_TIMERS,
    logger: SILENT,
    ...options,
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
  };
}
