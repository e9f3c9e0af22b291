import { nativeToScVal, StrKey, xdr } from "@stellar/stellar-sdk/base";
import type { EngineLogger, EngineSettings } from "../../src/engine/engine-options.ts";
import {
  createSubmissionEngine,
  type SubmissionEngine,
} from "../../src/engine/submission-engine.ts";
import type { IntentState, SubmissionIntent } from "../../src/intent/submission-intent.ts";
import { newIntent } from "../../src/journal/contract/fixtures.ts";
import { createMemoryJournal } from "../../src/journal/submission-journal.memory.ts";
import type { IntentRecord, SubmissionJournal } from "../../src/journal/submission-journal.ts";
import type { SendAnswer, SorobanRpc } from "../../src/rpc/soroban-rpc.ts";
import { channelKeys, NETWORK, NO_BUMPS, payee, submitter } from "./accounts.ts";
import { VirtualNetwork } from "./virtual-network.ts";

export const FUNDS = 1_000_000_000n;

export interface WorldOptions {
  readonly journal?: SubmissionJournal;
  readonly channelCount?: number;
  /** How many ledgers the network remembers transactions and events. */
  readonly retentionLedgers?: number;
  readonly settings?: Partial<EngineSettings>;
  /** Between the engine and the network: a test may count or hold calls. */
  readonly rpc?: (inner: SorobanRpc) => SorobanRpc;
}

/**
 * A network, a journal and as many engines on them as a test wants, all in virtual time. Nothing of
 * it outlives the test: no server listens and no timer runs.
 */
export class EngineWorld {
  readonly network: VirtualNetwork;
  readonly journal: SubmissionJournal;
  readonly rpc: SorobanRpc;
  readonly vault: string;
  readonly logged: { level: string; message: string; fields: object }[] = [];
  readonly #options: WorldOptions;
  #vaults = 0;
  #intents = 0;
  #ids = 0;
  #engines = 0;

  private constructor(options: WorldOptions) {
    this.network = new VirtualNetwork({ retentionLedgers: options.retentionLedgers });
    this.#options = options;
    this.journal = options.journal ?? createMemoryJournal();
    this.rpc = options.rpc?.(this.network.rpc) ?? this.network.rpc;
    this.vault = this.#nextVault();
  }

  static async begin(options: WorldOptions = {}): Promise<EngineWorld> {
    const world = new EngineWorld(options);
    await world.fund(FUNDS);
    return world;
  }

  readonly clock = (): number => this.network.clock();

  /** Lets time pass until the condition holds. */
  until(condition: () => Promise<boolean> | boolean): Promise<void> {
    return this.network.until(condition);
  }

  engine(overrides: { rpc?: SorobanRpc; journal?: SubmissionJournal } = {}): SubmissionEngine {
    const { scheduler } = this.network;
    this.#engines += 1;
    return createSubmissionEngine({
      journal: overrides.journal ?? this.journal,
      rpc: overrides.rpc ?? this.rpc,
      networkPassphrase: NETWORK,
      signer: submitter,
      channels: { count: this.#options.channelCount ?? 2, signer: channelKeys },
      owner: `engine-${this.#engines}`,
      settings: { feePolicy: NO_BUMPS, ...this.#options.settings },
      clock: this.clock,
      random: () => 0.5,
      newId: () => `id-${++this.#ids}`,
      timers: { after: (delayMs, work) => scheduler.after(delayMs, work) },
      logger: this.#logger(),
    });
  }

  /** An engine that works and whose channels are ready. */
  async startEngine(
    overrides: Parameters<EngineWorld["engine"]>[0] = {},
  ): Promise<SubmissionEngine> {
    const engine = this.engine(overrides);
    const journal = overrides.journal ?? this.journal;
    engine.start();
    await this.until(async () => (await journal.counts()).channels.ready > 0);
    return engine;
  }

  /** Another vault with the same funds. */
  async newVault(): Promise<string> {
    const contractId = this.#nextVault();
    await this.fund(FUNDS, contractId);
    return contractId;
  }

  fund(stroops: bigint, contractId = this.vault): Promise<void> {
    return this.network.fund(contractId, stroops);
  }

  /** See `sim_setFaults`. */
  faults(params: Record<string, unknown>): Promise<void> {
    return this.network.faults(params);
  }

  /** An intent that arrives now, behind all before it. */
  intent(overrides: Partial<SubmissionIntent> = {}): SubmissionIntent {
    this.#intents += 1;
    const number = String(this.#intents).padStart(4, "0");
    return newIntent({
      intentId: `intent-${number}`,
      subjectId: `req-${number}`,
      vaultContractId: this.vault,
      payee,
      amountStroops: 1_000n,
      createdAtMs: this.clock(),
      ...overrides,
    });
  }

  async accept(engine: SubmissionEngine | undefined, intent = this.intent()) {
    await this.journal.insertIntents([intent]);
    engine?.wake();
    return intent;
  }

  /** The intent's record, once it has come to one of these states. */
  async reached(intent: SubmissionIntent, ...states: IntentState[]): Promise<IntentRecord> {
    let record: IntentRecord | undefined;
    await this.until(async () => {
      record = await this.journal.findIntent(intent.tenantId, intent.intentId);
      return record !== undefined && states.includes(record.state);
    });
    if (record === undefined) throw new Error("no such intent");
    return record;
  }

  balance(contractId = this.vault): bigint | undefined {
    return this.network.balance(contractId);
  }

  /** How many charges the chain's events show for an intent. */
  async chargesOf(intent: SubmissionIntent): Promise<number> {
    const symbol = (text: string) => nativeToScVal(text, { type: "symbol" }).toXdr("base64");
    const { events } = await this.network.rpc.getEvents({
      contractId: intent.vaultContractId,
      topics: [symbol("deduct"), "*", symbol(intent.marker)],
      startLedger: 2,
      limit: 100,
    });
    return events.length;
  }

  #nextVault(): string {
    this.#vaults += 1;
    return StrKey.encodeContract(new Uint8Array(32).fill(this.#vaults));
  }

  #logger(): EngineLogger {
    const at = (level: string) => (fields: object, message: string) => {
      this.logged.push({ level, message, fields });
    };
    return { info: at("info"), warn: at("warn"), error: at("error") };
  }
}

export function isFeeBump(envelopeXdr: string): boolean {
  return xdr.TransactionEnvelope.fromXdr(envelopeXdr, "base64").type === "envelopeTypeTxFeeBump";
}

/** What a node says of a transaction that it does not take. */
export function sendError(code: "txBadAuth" | "txInsufficientFee"): SendAnswer {
  const result = new xdr.TransactionResult({
    feeCharged: 0n,
    result: xdr.TransactionResultResult[code](),
    ext: xdr.TransactionResultExt.fromXdr(new Uint8Array(4)),
  });
  return { status: "ERROR", latestLedger: 1, errorResultXdr: result.toXdr("base64") };
}

/** Whether an envelope calls a contract, rather than making accounts. */
export function isCharge(envelopeXdr: string): boolean {
  const envelope = xdr.TransactionEnvelope.fromXdr(envelopeXdr, "base64");
  if (envelope.type !== "envelopeTypeTx") return envelope.type === "envelopeTypeTxFeeBump";
  return envelope.v1.tx.operations[0]?.body.type === "invokeHostFunction";
}
