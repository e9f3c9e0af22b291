import type { EngineLogger } from "../../../src/engine/engine-options.ts";
import {
  createSubmissionEngine,
  type SubmissionEngine,
} from "../../../src/engine/submission-engine.ts";
import type { SubmissionJournal } from "../../../src/journal/submission-journal.ts";
import { createFailoverRpc } from "../../../src/rpc/failover-rpc.ts";
import { RpcError } from "../../../src/rpc/rpc-error.ts";
import type { SorobanRpc } from "../../../src/rpc/soroban-rpc.ts";
import { VaultReadError } from "../../../src/vault/vault-reader.ts";
import { watchPolls } from "../checks/poll-watch.ts";
import type { Scheduler } from "../clockwork/scheduler.ts";
import type { SeededRandom } from "../clockwork/seeded-random.ts";
import type { Trace } from "../clockwork/trace.ts";
import type { FaultPlan } from "../faults.ts";
import type { Change } from "../hazards/variant.ts";
import { LEDGER_MS, type Network } from "../network/network.ts";
import { RpcLink, type RpcLinkOptions } from "../network/rpc-link.ts";
import { CHANNEL_KEYS, PASSPHRASE, type Scenario, SUBMITTER } from "../workload/scenario.ts";
import { EngineProcess } from "./engine-process.ts";
import { CONNECTION_RESET, linkJournal } from "./journal-link.ts";

export interface EngineFleetOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly plan: FaultPlan;
  readonly trace: Trace;
  readonly network: Network;
  readonly journal: SubmissionJournal;
  readonly scenario: Scenario;
  readonly change: Change | undefined;
  readonly onError: (detail: string) => void;
  readonly onTooManyPolls: (detail: string) => void;
}

/** Clocks that an NTP client gave up on: more than a lease apart. */
export const FURTHEST_SKEW_MS = 40_000;
const LONGEST_RESTART_MS = 30_000;
/** Where the network is forgetful: long enough for it to have forgotten what was sent before. */
const LONGEST_ABSENCE_MS = 200_000;

/** The engines on one journal. One that dies is replaced by a new one, sooner or later. */
export class EngineFleet {
  readonly #options: EngineFleetOptions;
  readonly #engines = new Map<EngineProcess, SubmissionEngine>();
  startedCount = 0;

  constructor(options: EngineFleetOptions) {
    this.#options = options;
  }

  begin(count: number): void {
    for (let started = 0; started < count; started += 1) this.#start();
  }

  /** Tells one of the engines that there is work, as the process that accepted it would. */
  wakeOne(): void {
    const engines = [...this.#engines];
    if (engines.length === 0) return;
    const [process, engine] = this.#options.random.pick(engines);
    process.deliver(() => engine.wake());
  }

  #start(): void {
    const { scheduler, plan, trace, network, scenario, change } = this.#options;
    this.startedCount += 1;
    const name = `engine${this.startedCount}`;
    const random = this.#options.random.split(name);
    const skewMs = plan.has("clock-skew") ? random.between(-FURTHEST_SKEW_MS, FURTHEST_SKEW_MS) : 0;
    const process = new EngineProcess({
      name,
      scheduler,
      random: random.split("process"),
      plan,
      trace,
      skewMs,
      onDeath: () => this.#replace(process),
    });
    const shared = { process, scheduler, plan, trace };
    const client = connect({ ...shared, network, random: random.split("rpc") }, scenario);
    const rpc = watchPolls(client, this.#options.onTooManyPolls);
    const journal = linkJournal({
      ...shared,
      journal: this.#options.journal,
      random: random.split("journal"),
    });
    const settings = {
      expectedLedgerMs: LEDGER_MS,
      idlePollMs: 2_000,
      maxBatch: scenario.maxBatch,
    };
    const parts = { journal, rpc, settings };
    const ids = random.split("ids");
    const engine = createSubmissionEngine({
      ...(change?.(parts, process.clock) ?? parts),
      networkPassphrase: PASSPHRASE,
      signer: SUBMITTER,
      channels: { count: scenario.channelCount, signer: CHANNEL_KEYS },
      owner: name,
      clock: process.clock,
      random: random.split("jitter").next,
      newId: () => ids.uuid(),
      timers: process.timers,
      logger: this.#loggerOf(process),
    });
    trace.note(name, `starts, its clock ${skewMs} ms ahead`);
    this.#engines.set(process, engine);
    engine.start();
  }

  #replace(process: EngineProcess): void {
    const { scheduler, random, scenario } = this.#options;
    this.#engines.delete(process);
    const longestMs = scenario.isForgetful ? LONGEST_ABSENCE_MS : LONGEST_RESTART_MS;
    const delayMs = random.between(0, longestMs);
    scheduler.after(delayMs, () => this.#start());
  }

  /** An engine may be told of trouble, and warn; an error that is none of the planned ones is a bug. */
  #loggerOf({ name }: EngineProcess): EngineLogger {
    const { trace, onError } = this.#options;
    const say = (level: string) => (fields: object, message: string) => {
      const err = "err" in fields ? fields.err : undefined;
      trace.note(name, `${level}: ${message} ${err instanceof Error ? err.message : ""}`);
      if (err !== undefined && !isPlanned(err)) {
        onError(`${message}: ${err instanceof Error ? err.stack : JSON.stringify(err)}`);
      }
    };
    return { info: say("info"), warn: say("warn"), error: say("error") };
  }
}

/** One address that a balancer stands behind, or each node's own with fail-over between them. */
function connect(options: RpcLinkOptions, { hasFailover }: Scenario): SorobanRpc {
  if (!hasFailover) return new RpcLink(options).rpc;
  const links = options.network.nodes.map((node) => {
    return new RpcLink({ ...options, node, random: options.random.split(node.name) }).rpc;
  });
  return createFailoverRpc(links, { clock: options.process.clock });
}

/** Trouble of the wire and of the journal's connection, which the simulation makes itself. */
function isPlanned(error: unknown): boolean {
  return (
    error instanceof RpcError ||
    error instanceof VaultReadError ||
    (error instanceof Error && error.message.startsWith(CONNECTION_RESET))
  );
}
