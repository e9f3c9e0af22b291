import {
  createVault,
  developerBalances,
  findVault,
  listVaults,
  updateVault,
} from "@orrery/ledger-sim/vault/vault-admin";
import { createMemoryJournal } from "../../src/journal/submission-journal.memory.ts";
import type { IntentRecord, SubmissionJournal } from "../../src/journal/submission-journal.ts";
import { Invariants, type Violation } from "./checks/invariants.ts";
import { Scheduler } from "./clockwork/scheduler.ts";
import { SeededRandom } from "./clockwork/seeded-random.ts";
import { Trace } from "./clockwork/trace.ts";
import { EngineFleet, FURTHEST_SKEW_MS } from "./engines/engine-fleet.ts";
import { type FaultName, FaultPlan } from "./faults.ts";
import { deceive } from "./hazards/hasty-death.ts";
import type { Variant } from "./hazards/variant.ts";
import { LEDGER_MS, Network } from "./network/network.ts";
import { Callers } from "./workload/callers.ts";
import { GUARDS, type Guards, guardPlan, isDeceived, isWithoutProof } from "./workload/guards.ts";
import {
  CHANNEL_KEYS,
  drawScenario,
  PASSPHRASE,
  type Scenario,
  SUBMITTER,
} from "./workload/scenario.ts";

export interface RunOptions {
  readonly seed: number;
  readonly requests: number;
  readonly faults: readonly FaultName[];
  /** By default every seed takes its turn with both guards, with the one and with the other. */
  readonly guards?: Guards;
  /** Keep the trace's lines. */
  readonly isTraced?: boolean;
  /** A faulty engine, network or journal. */
  readonly variant?: Variant;
}

export interface RunResult {
  readonly seed: number;
  readonly guards: Guards;
  readonly faults: readonly FaultName[];
  readonly violation: Violation | undefined;
  readonly traceHash: string;
  readonly trace: readonly string[];
  readonly charges: number;
  readonly ledgers: number;
  readonly engines: number;
}

const START_MS = Date.UTC(2026, 0, 1);
/** Longer than any message is under way and than any process stands still. */
const AFTERMATH_MS = 100_000;
/** Ledgers within which what is left must be resolved, and more for each that waits for another. */
const BASE_LEDGERS = 80;
const LEDGERS_PER_SUBMISSION = 6;

/** One seeded run: the world, what happens in it, and what is checked. */
export class World {
  readonly #options: RunOptions;
  readonly #scheduler = new Scheduler(START_MS);
  readonly #trace: Trace;
  readonly #plan: FaultPlan;
  readonly #scenario: Scenario;
  readonly #invariants: Invariants;
  readonly #network: Network;
  readonly #journal: SubmissionJournal;
  readonly #fleet: EngineFleet;
  readonly #callers: Callers;

  constructor(options: RunOptions) {
    const { seed, requests, faults, variant } = options;
    this.#options = options;
    const random = new SeededRandom(seed);
    const scheduler = this.#scheduler;
    const trace = new Trace(scheduler.now, options.isTraced ?? false);
    const plan = new FaultPlan(random.split("faults"), faults, variant?.rates);
    const guards = options.guards ?? variant?.guards ?? GUARDS[seed % GUARDS.length] ?? "both";
    // What the network has forgotten only a marker can tell.
    const isForgetful = plan.has("short-retention") && guards === "both";
    const hasStrangers = plan.has("strangers");
    this.#invariants = new Invariants({
      wrongRefusals: isWithoutProof(guards),
      // A transaction of ours that the network has forgotten looks like somebody else's.
      quarantines: isDeceived(guards) || variant !== undefined || hasStrangers || isForgetful,
      markersAsEvidence: isForgetful,
    });
    this.#trace = trace;
    this.#plan = plan;
    this.#scenario = drawScenario(random.split("scenario"), {
      requests,
      guards,
      startMs: START_MS,
      isForgetful,
    });
    const { channelCount } = this.#scenario;
    const shared = { scheduler, plan, trace };
    this.#network = new Network({
      ...shared,
      random: random.split("network"),
      passphrase: PASSPHRASE,
      vaultCaller: SUBMITTER.publicKey,
      retentionLedgers: isForgetful ? random.split("retention").between(14, 24) : undefined,
      channelSigners: Array.from({ length: channelCount }, (_, index) => CHANNEL_KEYS(index)),
      accountIds: this.#accountIds(),
      onClosed: (closed) => {
        this.#invariants.closed(closed, (contractId) => this.#balanceOf(contractId));
      },
    });
    this.#journal = createMemoryJournal({
      onResolved: (_transaction, resolutions) => {
        for (const resolution of resolutions) {
          const { subjectId, state, failure } = resolution;
          trace.note("journal", `${subjectId} ${state} ${failure?.reason ?? ""}`);
          this.#invariants.resolved(resolution);
          this.#callers.resolved(resolution);
        }
      },
    });
    this.#fleet = new EngineFleet({
      ...shared,
      random: random.split("engines"),
      network: this.#network,
      journal: this.#journal,
      scenario: this.#scenario,
      change: (variant ?? variantOf(guards))?.begin(random.split("variant")),
      onError: (detail) => this.#invariants.violate("the engine does not throw", detail),
      onTooManyPolls: (detail) => {
        // Lies about the ledger let it ask for more.
        if (!isDeceived(guards) && variant === undefined) {
          this.#invariants.violate("two calls a ledger are enough", detail);
        }
      },
    });
    this.#callers = new Callers({
      ...shared,
      random: random.split("callers"),
      journal: this.#journal,
      mayRearm: !isWithoutProof(guards),
      wake: () => this.#fleet.wakeOne(),
      onRearmed: (intentId) => this.#invariants.rearmed(intentId),
    });
  }

  /** Lets the whole run happen. */
  async run(): Promise<RunResult> {
    this.#begin();
    const { faultsEndMs, channelCount, requests, vaults, maxBatch } = this.#scenario;
    await this.#runUntil(START_MS + faultsEndMs);
    this.#plan.end();
    this.#network.heal();
    this.#trace.note("world", "faults end");
    const lanes = Math.min(channelCount, vaults.length);
    const submissions = Math.ceil(requests.length / maxBatch / lanes);
    const limitMs = (BASE_LEDGERS + LEDGERS_PER_SUBMISSION * submissions) * LEDGER_MS;
    const quietAtMs = this.#scheduler.now() + AFTERMATH_MS;
    const deadlineMs = quietAtMs + limitMs;
    await this.#runUntil(deadlineMs, () => this.#scheduler.now() >= quietAtMs && this.#isDone());
    await this.#checkEnd();
    return this.#result();
  }

  #begin(): void {
    const { vaults, requests, engineCount } = this.#scenario;
    const { ledger } = this.#network.simulator;
    const rates = [...this.#plan.rates].map(([name, rate]) => `${name} ${rate.toFixed(4)}`);
    this.#trace.note("world", `faults: ${rates.join(", ") || "none"}`);
    for (const vault of vaults) {
      const { contractId, balanceStroops, maxDeductStroops, hasMarkers, pause, deposits } = vault;
      createVault(ledger, {
        contractId,
        authorizedCaller: SUBMITTER.publicKey,
        balance: balanceStroops,
        hasMarkers,
        isPaused: pause?.fromMs === 0,
        ...(maxDeductStroops !== undefined && { maxDeduct: maxDeductStroops }),
      });
      this.#invariants.deposited(contractId, balanceStroops);
      if (pause !== undefined) this.#planPause(contractId, pause);
      for (const { atMs, stroops } of deposits) this.#planDeposit(contractId, atMs, stroops);
    }
    this.#invariants.expect(requests.map(({ intent }) => intent));
    this.#network.begin();
    this.#fleet.begin(engineCount);
    this.#callers.begin(requests);
  }

  #accountIds(): string[] {
    const { hasChannels, channelCount } = this.#scenario;
    const indexes = Array.from({ length: hasChannels ? channelCount : 0 }, (_, index) => index);
    return [SUBMITTER.publicKey, ...indexes.map((index) => CHANNEL_KEYS(index).publicKey)];
  }

  #planPause(contractId: string, pause: { fromMs: number; untilMs: number }): void {
    const { ledger } = this.#network.simulator;
    for (const [atMs, isPaused] of [
      [pause.fromMs, true],
      [pause.untilMs, false],
    ] as const) {
      this.#scheduler.at(START_MS + atMs, () => {
        this.#trace.note("vault", `${contractId.slice(0, 6)} isPaused ${isPaused}`);
        updateVault(ledger, contractId, { isPaused });
      });
    }
  }

  #planDeposit(contractId: string, atMs: number, stroops: bigint): void {
    this.#scheduler.at(START_MS + atMs, () => {
      const { ledger } = this.#network.simulator;
      this.#trace.note("vault", `${contractId.slice(0, 6)} gets ${stroops}`);
      const balance = (this.#balanceOf(contractId) ?? 0n) + stroops;
      updateVault(ledger, contractId, { balance });
      this.#invariants.deposited(contractId, stroops);
    });
  }

  #balanceOf(contractId: string): bigint | undefined {
    return findVault(this.#network.simulator.ledger.draft(), contractId)?.balance;
  }

  async #runUntil(untilMs: number, isDone = () => false): Promise<void> {
    const { now } = this.#scheduler;
    while (now() < untilMs && !isDone() && this.#invariants.violation === undefined) {
      if (!(await this.#scheduler.step())) return;
    }
  }

  #isDone(): boolean {
    return this.#invariants.unresolved === 0 && this.#callers.isIdle;
  }

  async #checkEnd(): Promise<void> {
    const invariants = this.#invariants;
    if (invariants.violation !== undefined) return;
    const records: IntentRecord[] = [];
    for (const { intent } of this.#scenario.requests) {
      const record = await this.#journal.findIntent(intent.tenantId, intent.intentId);
      if (record !== undefined) records.push(record);
    }
    const open = records.filter(({ resolution }) => resolution === undefined);
    if (!this.#isDone() || records.length < this.#scenario.requests.length) {
      const names = open.slice(0, 5).map(({ intent, state }) => `${intent.subjectId} ${state}`);
      invariants.violate("nothing stays unresolved", `${open.length}: ${names.join(", ")}`);
      return;
    }
    const { ledger } = this.#network.simulator;
    const balances = [...listVaults(ledger)].map(([id, { balance }]) => [id, balance] as const);
    const received = developerBalances(ledger);
    const { quarantined, absent } = (await this.#journal.counts()).channels;
    const usable = absent + (await this.#countUsableChannels());
    const lost = this.#scenario.channelCount - usable;
    const channels = { quarantined, lost };
    invariants.atEnd(records, channels, { balances: new Map(balances), received });
  }

  /** How many channels can be leased, once every lease that still runs has ended. */
  async #countUsableChannels(): Promise<number> {
    const nowMs = this.#scheduler.now() + AFTERMATH_MS + FURTHEST_SKEW_MS;
    const { channelCount: count } = this.#scenario;
    const lease = { count, nowMs, leaseUntilMs: nowMs + LEDGER_MS };
    let usable = 0;
    while ((await this.#journal.leaseChannel(lease)) !== undefined) usable += 1;
    return usable;
  }

  #result(): RunResult {
    return {
      seed: this.#options.seed,
      guards: this.#scenario.guards,
      faults: [...this.#plan.rates.keys()],
      violation: this.#invariants.violation,
      traceHash: this.#trace.hash,
      trace: this.#trace.lines,
      charges: this.#invariants.chargeCount,
      ledgers: this.#network.latestLedger,
      engines: this.#fleet.startedCount,
    };
  }
}

/** The engine that a run with only some of the guards has. */
function variantOf(guards: Guards): Variant | undefined {
  const { deceit } = guardPlan(guards);
  if (deceit === undefined) return undefined;
  return { name: guards, begin: (random) => deceive(deceit, random) };
}
