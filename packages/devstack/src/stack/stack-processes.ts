import type { RunningChild } from "../process/child-process.ts";
import type { ProcessRecord } from "../process/process-record.ts";
import { type LaunchAttempt, SupervisedProcess } from "../process/supervised-process.ts";
import type { StackFailure } from "../stack-failure.ts";
import type { ProcessOutput } from "./node-process.ts";

/** In which order the parts stop: what depends on others first. */
const STOP_ORDER = ["services", "ledger", "redis", "postgres"] as const;

export type StackPart = (typeof STOP_ORDER)[number];

const GRACE_MS = 12_000;

/**
 * What is found without its owner: a service has nothing to lose, and may hang since nobody reads
 * its log any more; a store writes out what it holds.
 */
const LEFTOVER_GRACE_MS: Record<StackPart, number> = {
  services: 500,
  ledger: 5_000,
  redis: 10_000,
  postgres: 15_000,
};

export interface PartProcess {
  name: string;
  part: StackPart;
  output: ProcessOutput;
  launch: (attempt: LaunchAttempt) => Promise<RunningChild>;
}

/** Every process that the stack has started, and the order in which they end. */
export class StackProcesses {
  readonly givenUp: Promise<StackFailure>;
  readonly #record: ProcessRecord;
  readonly #say: (line: string) => void;
  readonly #running: { part: StackPart; process: SupervisedProcess; output: ProcessOutput }[] = [];
  readonly #giveUp: (failure: StackFailure) => void;
  #restarted: () => void = () => undefined;
  #stopping: Promise<void> | undefined;

  constructor(record: ProcessRecord, say: (line: string) => void) {
    const { promise, resolve } = Promise.withResolvers<StackFailure>();
    this.givenUp = promise;
    this.#giveUp = resolve;
    this.#record = record;
    this.#say = say;
  }

  /** Starts a process and keeps it running; resolves once it is ready. */
  async start({ name, part, output, launch }: PartProcess): Promise<void> {
    if (this.#stopping) throw new Error("the stack is stopping");
    const process = new SupervisedProcess({
      name,
      launch,
      advice: `see ${output.logPath}`,
      say: this.#say,
      onSpawned: (pid) => this.#record.add(name, pid, LEFTOVER_GRACE_MS[part]),
      onReady: () => this.#restarted(),
      onGivenUp: this.#giveUp,
    });
    this.#running.push({ part, process, output });
    await process.start();
  }

  /** Calls `notify` whenever a process has a new id. */
  onRestart(notify: () => void): void {
    this.#restarted = notify;
  }

  /** The ids of the processes that demo.json lists. */
  demoPids(): Partial<Record<"gateway" | "billing" | "catalog" | "ledger", number>> {
    const pids: Record<string, number> = {};
    for (const { part, process } of this.#running) {
      const isListed = part === "services" || part === "ledger";
      if (isListed && process.pid !== undefined) pids[process.name] = process.pid;
    }
    return pids;
  }

  /** Ends everything, part after part. */
  stopAll(): Promise<void> {
    this.#restarted = () => undefined;
    this.#stopping ??= this.#stopInOrder();
    return this.#stopping;
  }

  async #stopInOrder(): Promise<void> {
    for (const part of STOP_ORDER) {
      const members = this.#running.filter((entry) => entry.part === part);
      await Promise.all(
        members.map(({ process }) =>
          process.stop(part === "postgres" ? "SIGINT" : "SIGTERM", GRACE_MS),
        ),
      );
    }
    for (const { output } of this.#running) output.close();
  }
}
