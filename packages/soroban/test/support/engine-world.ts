import { randomBytes, randomUUID } from "node:crypto";
import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { nativeToScVal, StrKey, xdr } from "@stellar/stellar-sdk/base";
import { vi } from "vitest";
import type { EngineLogger, EngineSettings } from "../../src/engine/engine-options.ts";
import {
  createSubmissionEngine,
  type SubmissionEngine,
} from "../../src/engine/submission-engine.ts";
import { deriveMarker } from "../../src/intent/marker.ts";
import type { IntentState, SubmissionIntent } from "../../src/intent/submission-intent.ts";
import { createMemoryJournal } from "../../src/journal/submission-journal.memory.ts";
import type { IntentRecord, SubmissionJournal } from "../../src/journal/submission-journal.ts";
import { DEFAULT_FEE_POLICY } from "../../src/pacing/fee-policy.ts";
import { createHttpSorobanRpc } from "../../src/rpc/http-soroban-rpc.ts";
import type { SendAnswer, SorobanRpc } from "../../src/rpc/soroban-rpc.ts";
import { createChannelKeys } from "../../src/signing/channel-keys.ts";
import { createSeedSigner } from "../../src/signing/seed-signer.ts";

export const NETWORK = "Orrery Local Network ; 2026";
export const submitter = createSeedSigner(new Uint8Array(32).fill(42));
export const channelKeys = createChannelKeys("5a".repeat(32), NETWORK);
const payee = createSeedSigner(new Uint8Array(32).fill(7)).publicKey;

const CLOSE_MS = 40;
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

/** A network, a journal and as many engines on them as a test wants. */
export class EngineWorld {
  readonly sim: LedgerSim;
  readonly journal: SubmissionJournal;
  readonly rpc: SorobanRpc;
  readonly vault = StrKey.encodeContract(randomBytes(32));
  readonly logged: { level: string; message: string; fields: object }[] = [];
  readonly #options: WorldOptions;
  readonly #engines: SubmissionEngine[] = [];

  private constructor(sim: LedgerSim, options: WorldOptions) {
    this.sim = sim;
    this.#options = options;
    this.journal = options.journal ?? createMemoryJournal();
    const http = createHttpSorobanRpc({ url: sim.url, timeoutMs: 1_000 });
    this.rpc = options.rpc?.(http) ?? http;
  }

  static async begin(options: WorldOptions = {}): Promise<EngineWorld> {
    const sim = await startLedgerSim({
      networkPassphrase: NETWORK,
      closeMs: CLOSE_MS,
      vaultAuthorizedCaller: submitter.publicKey,
      ...(options.retentionLedgers !== undefined && {
        settings: { retentionLedgers: options.retentionLedgers },
      }),
    });
    const world = new EngineWorld(sim, options);
    await world.fund(FUNDS);
    return world;
  }

  engine(overrides: { rpc?: SorobanRpc; journal?: SubmissionJournal } = {}): SubmissionEngine {
    const engine = createSubmissionEngine({
      journal: overrides.journal ?? this.journal,
      rpc: overrides.rpc ?? this.rpc,
      networkPassphrase: NETWORK,
      signer: submitter,
      channels: { count: this.#options.channelCount ?? 2, signer: channelKeys },
      settings: {
        expectedLedgerMs: CLOSE_MS,
        idlePollMs: 50,
        leaseMs: 2_000,
        retryBackOff: { baseMs: 20, maxMs: 100 },
        rpcBackOff: { baseMs: 20, maxMs: 100 },
        // A bump would save what the tests of death let die.
        feePolicy: { ...DEFAULT_FEE_POLICY, maxBumps: 0 },
        ...this.#options.settings,
      },
      clock: Date.now,
      random: Math.random,
      logger: this.#logger(),
    });
    this.#engines.push(engine);
    return engine;
  }

  /** An engine that works and whose channels are ready. */
  async startEngine(
    overrides: Parameters<EngineWorld["engine"]>[0] = {},
  ): Promise<SubmissionEngine> {
    const engine = this.engine(overrides);
    engine.start();
    await until(async () => (await this.journal.counts()).channels.ready > 0);
    return engine;
  }

  /** Another vault with the same funds. */
  async newVault(): Promise<string> {
    const contractId = StrKey.encodeContract(randomBytes(32));
    await this.fund(FUNDS, contractId);
    return contractId;
  }

  async fund(amount: bigint, contractId = this.vault): Promise<void> {
    await this.sim.call("sim_fund", { contractId, amount: amount.toString() });
  }

  faults(params: Record<string, unknown>): Promise<unknown> {
    return this.sim.call("sim_setFaults", params);
  }

  intent(overrides: Partial<SubmissionIntent> = {}): SubmissionIntent {
    const tenantId = overrides.tenantId ?? "acme";
    const subjectId = overrides.subjectId ?? `req-${randomUUID()}`;
    return {
      intentId: randomUUID(),
      tenantId,
      kind: "deduct",
      subjectId,
      vaultContractId: this.vault,
      payee,
      amountStroops: 1_000n,
      marker: deriveMarker(NETWORK, "deduct", tenantId, subjectId),
      createdAtMs: Date.now(),
      ...overrides,
    };
  }

  async accept(engine: SubmissionEngine | undefined, intent = this.intent()) {
    await this.journal.insertIntents([intent]);
    engine?.wake();
    return intent;
  }

  /** The intent's record, once it has come to one of these states. */
  async reached(intent: SubmissionIntent, ...states: IntentState[]): Promise<IntentRecord> {
    let record: IntentRecord | undefined;
    await until(async () => {
      record = await this.journal.findIntent(intent.tenantId, intent.intentId);
      return record !== undefined && states.includes(record.state);
    });
    if (record === undefined) throw new Error("no such intent");
    return record;
  }

  async balance(contractId = this.vault): Promise<bigint> {
    const state = (await this.sim.call("sim_state")) as {
      vaults: Record<string, { balance: string }>;
    };
    return BigInt(state.vaults[contractId]?.balance ?? "-1");
  }

  /** How many charges the chain's events show for an intent. */
  async chargesOf(intent: SubmissionIntent): Promise<number> {
    const symbol = (text: string) => nativeToScVal(text, { type: "symbol" }).toXdr("base64");
    const { events } = await createHttpSorobanRpc({
      url: this.sim.url,
      timeoutMs: 5_000,
    }).getEvents({
      contractId: intent.vaultContractId,
      topics: [symbol("deduct"), "*", symbol(intent.marker)],
      startLedger: 2,
      limit: 100,
    });
    return events.length;
  }

  async end(): Promise<void> {
    await Promise.all(this.#engines.map((engine) => engine.stop({ graceMs: 200 })));
    await this.sim.close();
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

/** Waits for a condition. */
export function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  return vi.waitFor(
    async () => {
      if (!(await condition())) throw new Error("not yet");
    },
    { timeout: 15_000, interval: 5 },
  );
}
