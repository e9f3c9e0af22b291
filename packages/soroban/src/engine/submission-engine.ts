import type { Resolution } from "../intent/resolution.ts";
import { tokenOf } from "../journal/submission-journal.ts";
import { backOffMs } from "../pacing/back-off.ts";
import { createCallBudget } from "../pacing/call-budget.ts";
import { type LedgerPace, observeLedger } from "../pacing/ledger-pace.ts";
import { observedRpc } from "../rpc/observed-rpc.ts";
import { RpcError } from "../rpc/rpc-error.ts";
import { advance } from "../steps/advance.ts";
import type { StepContext } from "../steps/step-context.ts";
import { NOTHING_SEEN, type Step, type WorkItem } from "../steps/work-item.ts";
import { createVaultInterfaces } from "../vault/vault-interfaces.ts";
import { createVaultReader } from "../vault/vault-reader.ts";
import { type ChannelKeeper, createChannelKeeper } from "./channel-keeper.ts";
import {
  type EngineDependencies,
  type SubmissionEngineOptions,
  withDefaults,
} from "./engine-options.ts";
import { createFeeSource } from "./fee-source.ts";
import { createTipSource } from "./tip-source.ts";

/** A worker on the journal: several may run, in one process or many, on the same journal. */
export interface SubmissionEngine {
  /** Begins to work; makes channel accounts that are missing in the background. */
  start(): void;
  /** A new intent was committed: pick it up now. */
  wake(): void;
  /** Finishes the steps that run, within `graceMs`, and hands every lease back. Not to be restarted. */
  stop(options: { readonly graceMs: number }): Promise<void>;
  /**
   * Uses so many channels from now on. Accounts that are missing are made; of those that are too many
   * each finishes what rides on it and then rests.
   */
  resizeChannels(count: number): void;
  /**
   * Told of each resolution after its commit, also when another instance came first while this one
   * held the submission. The result ends the subscription.
   */
  onResolution(listener: (resolution: Resolution) => void): () => void;
}

/**
 * The engine on the given journal and network. It may be thrown away at any moment and another made
 * on the same journal: what a step decides is in `advance`, what must survive is in the journal.
 */
export function createSubmissionEngine(options: SubmissionEngineOptions): SubmissionEngine {
  return new JournalWorker(withDefaults(options));
}

interface Entry {
  item: WorkItem;
  dueAtMs: number;
  isRunning: boolean;
}

/** The loop: leases work, takes one step at a time with each submission, waits in between. */
class JournalWorker implements SubmissionEngine {
  readonly #deps: EngineDependencies;
  readonly #context: StepContext;
  readonly #keeper: ChannelKeeper;
  readonly #entries = new Map<string, Entry>();
  readonly #running = new Set<Promise<void>>();
  readonly #listeners = new Set<(resolution: Resolution) => void>();
  #pace: LedgerPace;
  #channelCount: number;
  #isStarted = false;
  #isLeasing = false;
  #wantsLease = false;
  #lastTenantId: string | undefined;
  #nextLeaseAtMs = 0;
  #nextResumeAtMs = 0;
  #nextRenewAtMs = 0;
  #starvedUntilMs = 0;
  #cancelTimer = () => {};

  constructor(deps: EngineDependencies) {
    const { networkPassphrase, signer, clock, settings } = deps;
    const rpc = observedRpc(deps.rpc, (latestLedger) => {
      this.#pace = observeLedger(this.#pace, latestLedger, clock());
    });
    this.#deps = deps;
    this.#channelCount = deps.channels.count;
    this.#pace = { latestLedger: 0, heardAtMs: 0, ledgerMs: settings.expectedLedgerMs };
    const interfaces = createVaultInterfaces(rpc, settings.vault);
    this.#context = {
      ...deps,
      rpc,
      channels: { count: () => this.#channelCount, signer: deps.channels.signer },
      vaultInterface: (contractId) => interfaces.of(contractId),
      forgetBatching: (contractId) => interfaces.forgetBatching(contractId),
      vaults: createVaultReader({ rpc, networkPassphrase, sourcePublicKey: signer.publicKey }),
      pace: () => this.#pace,
      budget: createCallBudget(() => this.#pace.latestLedger),
      feeStats: createFeeSource(rpc, clock),
      tip: createTipSource(rpc, clock),
      areChannelsShort: () => this.#areChannelsShort(),
    };
    this.#keeper = createChannelKeeper({
      ...deps,
      ...this.#context,
      count: () => this.#channelCount,
      treasury: signer,
      channelSigner: deps.channels.signer,
      startingBalanceXlm: settings.channelStartingBalanceXlm,
      onReady: () => {
        this.#unstarve();
        this.#tick();
      },
    });
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#keeper.check();
    this.#tick();
  }

  wake(): void {
    this.#wantsLease = true;
    if (this.#isStarted) this.#track(this.#lease());
  }

  async stop({ graceMs }: { readonly graceMs: number }): Promise<void> {
    if (!this.#isStarted) return;
    this.#isStarted = false;
    this.#cancelTimer();
    this.#track(this.#keeper.stop());
    await this.#settledWithin(graceMs);
    const { journal, clock } = this.#deps;
    const left = [...this.#entries.values()].map(({ item }) => tokenOf(item.leased));
    await Promise.allSettled(left.map((token) => journal.release(token, clock())));
    this.#entries.clear();
  }

  resizeChannels(count: number): void {
    this.#channelCount = count;
    if (this.#isStarted) this.#keeper.check();
  }

  onResolution(listener: (resolution: Resolution) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Runs what is due, then waits for the earliest of what is not. */
  #tick(): void {
    if (!this.#isStarted) return;
    const nowMs = this.#deps.clock();
    this.#runDue();
    if (nowMs >= this.#nextRenewAtMs) this.#track(this.#renew());
    if (this.#wantsLease || nowMs >= this.#nextLeaseAtMs) this.#track(this.#lease());
    this.#arm();
  }

  #runDue(): void {
    const nowMs = this.#deps.clock();
    for (const [key, entry] of this.#entries) {
      if (entry.isRunning || entry.dueAtMs > nowMs) continue;
      entry.isRunning = true;
      this.#track(this.#runStep(key, entry));
    }
  }

  #arm(): void {
    this.#cancelTimer();
    if (!this.#isStarted) return;
    let earliestMs = Math.min(this.#nextLeaseAtMs, this.#nextRenewAtMs);
    for (const entry of this.#entries.values()) {
      if (!entry.isRunning) earliestMs = Math.min(earliestMs, entry.dueAtMs);
    }
    const { timers, clock } = this.#deps;
    this.#cancelTimer = timers.after(Math.max(0, earliestMs - clock()), () => this.#tick());
  }

  #track(work: Promise<void>): void {
    this.#running.add(work);
    void work.finally(() => this.#running.delete(work));
  }

  /** Takes on as much as there is room for; asks again while the journal has more. */
  async #lease(): Promise<void> {
    this.#wantsLease = true;
    this.#nextLeaseAtMs = this.#deps.clock() + this.#deps.settings.idlePollMs;
    if (this.#isLeasing) return;
    this.#isLeasing = true;
    try {
      while (this.#wantsLease && this.#isStarted) this.#wantsLease = await this.#leaseOnce();
    } catch (error) {
      this.#deps.logger.warn({ err: error }, "the journal gave no work");
    } finally {
      this.#wantsLease = false;
      this.#isLeasing = false;
      this.#arm();
    }
  }

  /** True when it is worth asking again at once: the limit left some behind, or more has come. */
  async #leaseOnce(): Promise<boolean> {
    const { journal, clock, settings, owner } = this.#deps;
    this.#wantsLease = false;
    const isPolling = clock() >= this.#nextResumeAtMs;
    if (isPolling) this.#nextResumeAtMs = clock() + settings.idlePollMs;
    const room = settings.maxInFlight - this.#entries.size;
    if (room <= 0) return false;
    const nowMs = clock();
    const forNew = Math.min(room, this.#channelCount - this.#entries.size);
    const newLimit = nowMs < this.#starvedUntilMs ? 0 : Math.max(0, forNew);
    // Nobody announces what a dead worker left: looking now and then is enough.
    const resumeLimit = isPolling ? room : 0;
    const leased = await journal.leaseDue({
      owner,
      nowMs,
      leaseUntilMs: nowMs + settings.leaseMs,
      newLimit,
      resumeLimit,
      batchLimit: settings.maxBatch,
      ...(this.#lastTenantId !== undefined && { afterTenantId: this.#lastTenantId }),
    });
    for (const submission of leased) {
      this.#lastTenantId = submission.tenantId;
      const item = { leased: submission, seen: NOTHING_SEEN, rpcFailures: 0 };
      this.#entries.set(keyOf(item), { item, dueAtMs: 0, isRunning: false });
    }
    this.#runDue();
    const left = leased.filter(({ state }) => state !== "received").length;
    const isFull =
      (left > 0 && left >= resumeLimit) ||
      (leased.length > left && leased.length - left >= newLimit);
    return isFull || this.#isWanted();
  }

  /** Whether somebody asked for work while the journal was being asked. */
  #isWanted(): boolean {
    return this.#wantsLease;
  }

  #areChannelsShort(): boolean {
    if (this.#deps.clock() < this.#starvedUntilMs) return true;
    let wanting = 0;
    for (const { item, isRunning } of this.#entries.values()) {
      if (isRunning && item.leased.state === "received") wanting += 1;
      if (wanting > 1) return true;
    }
    return false;
  }

  async #runStep(key: string, entry: Entry): Promise<void> {
    try {
      await this.#settle(key, entry, await advance(this.#context, entry.item));
    } catch (error) {
      await this.#recover(key, entry, error);
    } finally {
      entry.isRunning = false;
      this.#tick();
    }
  }

  async #settle(key: string, entry: Entry, step: Step): Promise<void> {
    const { journal, clock } = this.#deps;
    switch (step.kind) {
      case "again":
        entry.item = { ...step.item, rpcFailures: 0 };
        entry.dueAtMs = clock() + step.delayMs;
        for (const resolution of step.resolutions ?? []) this.#notify(resolution);
        return;
      case "resolved":
        this.#drop(key, entry);
        for (const resolution of step.resolutions) this.#notify(resolution);
        this.#unstarve();
        return;
      case "handed_back":
        this.#drop(key, entry);
        this.#nextLeaseAtMs = Math.min(this.#nextLeaseAtMs, step.dueAtMs);
        return;
      case "no_channel":
      case "channel_absent":
        this.#starvedUntilMs = clock() + this.#pace.ledgerMs / 2;
        this.#nextLeaseAtMs = Math.min(this.#nextLeaseAtMs, this.#starvedUntilMs);
        if (step.kind === "channel_absent") this.#keeper.check();
        await journal.release(tokenOf(entry.item.leased), clock());
        this.#drop(key, entry);
        return;
      case "lost":
        await this.#reread(key, entry);
    }
  }

  /** No answer from the network: later. Anything else: the journal may hold more than we know. */
  async #recover(key: string, entry: Entry, error: unknown): Promise<void> {
    const { clock, random, settings, logger } = this.#deps;
    const rpcFailures = entry.item.rpcFailures + 1;
    entry.item = { ...entry.item, rpcFailures };
    entry.dueAtMs = clock() + backOffMs(settings.rpcBackOff, rpcFailures, random());
    if (error instanceof RpcError) {
      if (rpcFailures === 1) logger.warn({ method: error.method, kind: error.kind }, "no answer");
      return;
    }
    const { tenantId, intentIds } = entry.item.leased;
    logger.error({ err: error, tenantId, intentIds }, "a step of a submission failed");
    await this.#reread(key, entry).catch((again: unknown) => {
      logger.error({ err: again, tenantId, intentIds }, "the journal cannot be read");
    });
  }

  /** Goes on from what the journal holds, or lets go: another has the lease, or it is resolved. */
  async #reread(key: string, entry: Entry): Promise<void> {
    const { journal } = this.#deps;
    const { leased, seen } = entry.item;
    const current = await journal.reread(tokenOf(leased));
    if (current === undefined) {
      this.#drop(key, entry);
    } else {
      const isSameAttempt = current.attemptId === leased.attemptId;
      entry.item = { ...entry.item, leased: current, seen: isSameAttempt ? seen : NOTHING_SEEN };
    }
    const gone = leased.intentIds.filter((intentId) => !current?.intentIds.includes(intentId));
    for (const intentId of gone) {
      const record = await journal.findIntent(leased.tenantId, intentId);
      if (record?.resolution !== undefined) this.#notify(record.resolution);
    }
  }

  async #renew(): Promise<void> {
    const { journal, clock, settings, logger } = this.#deps;
    this.#nextRenewAtMs = clock() + settings.leaseMs / 3;
    const held = [...this.#entries];
    if (held.length === 0) return;
    const tokens = held.map(([, entry]) => tokenOf(entry.item.leased));
    try {
      const renewed = await journal.renew(tokens, clock() + settings.leaseMs);
      for (const [key, entry] of held) {
        // A running step finds out by itself, from its compare-and-set.
        const isLost = !renewed.has(entry.item.leased.epoch) && !entry.isRunning;
        if (isLost) this.#drop(key, entry);
      }
    } catch (error) {
      logger.warn({ err: error }, "leases not renewed");
    }
  }

  /** Lets go of this lease, and of no newer one on the same submission. */
  #drop(key: string, entry: Entry): void {
    if (this.#entries.get(key) === entry) this.#entries.delete(key);
  }

  #notify(resolution: Resolution): void {
    for (const listener of this.#listeners) {
      try {
        listener(resolution);
      } catch (error) {
        this.#deps.logger.error({ err: error }, "a resolution listener failed");
      }
    }
  }

  /** A channel may be free again: look for work at the next tick. */
  #unstarve(): void {
    this.#starvedUntilMs = 0;
    this.#wantsLease = true;
  }

  async #settledWithin(graceMs: number): Promise<void> {
    let cancel = () => {};
    const isOver = new Promise<boolean>((resolve) => {
      cancel = this.#deps.timers.after(graceMs, () => resolve(true));
    });
    while (this.#running.size > 0) {
      const isDone = Promise.allSettled(this.#running).then(() => false);
      if (await Promise.race([isDone, isOver])) break;
    }
    cancel();
  }
}

/** One lease, however many of its riders are left. */
function keyOf({ leased }: WorkItem): string {
  return String(leased.epoch);
}
