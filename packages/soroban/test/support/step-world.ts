import { StrKey } from "@stellar/stellar-sdk/base";
import { type EngineSettings, withDefaults } from "../../src/engine/engine-options.ts";
import type { SubmissionIntent } from "../../src/intent/submission-intent.ts";
import { leaseOne, leaseRequest, newIntent } from "../../src/journal/contract/fixtures.ts";
import { createMemoryJournal } from "../../src/journal/submission-journal.memory.ts";
import type { LeasedSubmission } from "../../src/journal/submission-journal.ts";
import { createCallBudget } from "../../src/pacing/call-budget.ts";
import { type LedgerPace, observeLedger } from "../../src/pacing/ledger-pace.ts";
import { observedRpc } from "../../src/rpc/observed-rpc.ts";
import { advance } from "../../src/steps/advance.ts";
import type { StepContext } from "../../src/steps/step-context.ts";
import { NOTHING_SEEN, type Step, type WorkItem } from "../../src/steps/work-item.ts";
import { createVaultInterfaces } from "../../src/vault/vault-interfaces.ts";
import { createVaultReader } from "../../src/vault/vault-reader.ts";
import { channelKeys, NETWORK, NO_BUMPS, payee, submitter } from "./accounts.ts";
import { paymentFrom } from "./payment.ts";
import { LEDGER_MS, VirtualNetwork } from "./virtual-network.ts";

export const VAULT = StrKey.encodeContract(new Uint8Array(32).fill(3));
export const FUNDS = 1_000n;
/** No submission takes more of them. */
const MOST_STEPS = 200;

export interface StepWorldOptions {
  readonly channelCount?: number;
  readonly retentionLedgers?: number;
  readonly settings?: Partial<EngineSettings>;
}

/** A network, a journal with channels that are ready, and what a step is given. */
export class StepWorld {
  readonly network: VirtualNetwork;
  readonly logged: string[] = [];
  journal = createMemoryJournal();
  readonly #options: StepWorldOptions;
  readonly #channelKeys: readonly { readonly index: number; readonly publicKey: string }[];
  readonly #budget = createCallBudget(() => this.#pace.latestLedger);
  #pace: LedgerPace = { latestLedger: 0, heardAtMs: 0, ledgerMs: LEDGER_MS };
  #ids = 0;

  private constructor(options: StepWorldOptions) {
    this.#options = options;
    this.#channelKeys = Array.from({ length: options.channelCount ?? 2 }, (_, index) => ({
      index,
      publicKey: channelKeys(index).publicKey,
    }));
    this.network = new VirtualNetwork({
      retentionLedgers: options.retentionLedgers,
      accountIds: this.#channelKeys.map(({ publicKey }) => publicKey),
    });
  }

  static async begin(options: StepWorldOptions = {}): Promise<StepWorld> {
    const world = new StepWorld(options);
    await world.network.fund(VAULT, FUNDS);
    await world.forget();
    return world;
  }

  get rpc() {
    return this.network.rpc;
  }

  get balance(): bigint | undefined {
    return this.network.balance(VAULT);
  }

  readonly clock = (): number => this.network.clock();

  /** A journal that knows the channels and nothing else, in place of the one before. */
  async forget(): Promise<void> {
    this.journal = createMemoryJournal();
    await this.journal.ensureChannels(this.#channelKeys);
    await this.journal.markChannelsReady(this.#channelKeys.map(({ index }) => index));
  }

  /** Lets a stranger use the next sequence of a channel. */
  async burnSequence(index: number): Promise<void> {
    await this.rpc.sendTransaction(await paymentFrom(this.rpc, channelKeys(index), "0.0000001"));
    await this.network.pass(LEDGER_MS);
  }

  /** What a step is given. `parts` stand in for parts of it, as for a node that answers otherwise. */
  context(parts: Partial<StepContext> = {}): StepContext {
    const rpc = observedRpc(parts.rpc ?? this.rpc, (latestLedger) => {
      this.#pace = observeLedger(this.#pace, latestLedger, this.clock());
    });
    const log = (_fields: object, message: string) => {
      this.logged.push(message);
    };
    const count = this.#channelKeys.length;
    const options = withDefaults({
      journal: this.journal,
      rpc,
      networkPassphrase: NETWORK,
      signer: submitter,
      channels: { count, signer: channelKeys },
      settings: { feePolicy: NO_BUMPS, ...this.#options.settings },
      clock: this.clock,
      random: () => 0.5,
      newId: () => `id-${++this.#ids}`,
      logger: { info: log, warn: log, error: log },
    });
    const interfaces = createVaultInterfaces(rpc, options.settings.vault);
    const reading = { rpc, networkPassphrase: NETWORK, sourcePublicKey: submitter.publicKey };
    return {
      ...options,
      channels: { count: () => count, signer: channelKeys },
      vaults: createVaultReader(reading),
      vaultInterface: (contractId) => interfaces.of(contractId),
      forgetBatching: (contractId) => interfaces.forgetBatching(contractId),
      pace: () => this.#pace,
      budget: this.#budget,
      tip: () => rpc.getLatestLedger(),
      areChannelsShort: () => false,
      feeStats: () => rpc.getFeeStats(),
      ...parts,
      rpc,
    };
  }

  intent(overrides: Partial<SubmissionIntent> = {}): SubmissionIntent {
    const createdAtMs = this.clock();
    const charge = { vaultContractId: VAULT, payee, amountStroops: 10n, createdAtMs };
    return newIntent({ ...charge, ...overrides });
  }

  /** Stores intents, and leases them as one submission. */
  async lease(...intents: readonly SubmissionIntent[]): Promise<WorkItem> {
    await this.journal.insertIntents(intents);
    const { maxBatch, leaseMs } = this.context().settings;
    const nowMs = this.clock();
    const request = { nowMs, leaseUntilMs: nowMs + leaseMs, batchLimit: maxBatch };
    return itemOf(await leaseOne(this.journal, request));
  }

  /** Lets the lease end, and another worker take what is under way. */
  async takeOver(): Promise<WorkItem> {
    const { leaseMs, maxBatch: batchLimit } = this.context().settings;
    await this.network.pass(leaseMs);
    const request = leaseRequest({ owner: "another", nowMs: this.clock(), batchLimit });
    const [taken] = await this.journal.leaseDue(request);
    if (taken === undefined) throw new Error("nothing was left to take over");
    return itemOf(taken);
  }

  /** Takes one step, and lets the time pass that it asks for. */
  async step(item: WorkItem, parts?: Partial<StepContext>): Promise<Step> {
    const step = await advance(this.context(parts), item);
    if (step.kind === "again") await this.network.pass(step.delayMs);
    return step;
  }

  /** Takes steps until the submission has come to a state. */
  async walk(
    item: WorkItem,
    state: LeasedSubmission["state"],
    parts?: Partial<StepContext>,
  ): Promise<WorkItem> {
    let current = item;
    for (let steps = 0; current.leased.state !== state; steps += 1) {
      const step = await this.step(current, parts);
      if (step.kind !== "again" || steps > MOST_STEPS) throw new Error(`no way to ${state}`);
      current = step.item;
    }
    return current;
  }

  /** Takes steps until there is no next one. */
  async finish(item: WorkItem, parts?: Partial<StepContext>): Promise<Step> {
    let current = item;
    for (let steps = 0; steps < MOST_STEPS; steps += 1) {
      const step = await this.step(current, parts);
      if (step.kind !== "again") return step;
      current = step.item;
    }
    throw new Error("it never ends");
  }

  /** What the journal tells of an intent. */
  async recordOf({ tenantId, intentId }: SubmissionIntent) {
    const record = await this.journal.findIntent(tenantId, intentId);
    if (record === undefined) throw new Error("no such intent");
    return record;
  }
}

/** Whether a base64 LedgerKey is an account's. */
export function isAccountKey(key: string): boolean {
  return Buffer.from(key, "base64").readUInt32BE() === 0;
}

function itemOf(leased: LeasedSubmission): WorkItem {
  return { leased, seen: NOTHING_SEEN, rpcFailures: 0 };
}
