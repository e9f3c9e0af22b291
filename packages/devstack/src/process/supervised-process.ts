import { setTimeout as delay } from "node:timers/promises";
import { describeFailure, StackFailure } from "../stack-failure.ts";
import type { ChildExit, RunningChild } from "./child-process.ts";

/** Five ends within a minute, and the process is not started again. */
const MAX_CRASHES = 5;
const CRASH_WINDOW_MS = 60_000;
const FIRST_BACK_OFF_MS = 200;
const MAX_BACK_OFF_MS = 5_000;
const LATE_GRACE_MS = 5_000;

/** One launch: it gives up when `signal` is aborted, and tells the process id as soon as there is one. */
export interface LaunchAttempt {
  signal: AbortSignal;
  onSpawned: (pid: number) => Promise<void> | void;
}

export interface SupervisedOptions {
  name: string;
  /** Starts the process and resolves once it can serve. */
  launch: (attempt: LaunchAttempt) => Promise<RunningChild>;
  /** What to look at when it keeps ending. */
  advice: string;
  say: (line: string) => void;
  /** Called with each new process id, the first included, before the process is ready. */
  onSpawned: (pid: number) => Promise<void> | void;
  /** Called each time that the process has become ready. */
  onReady: () => void;
  /** Called once, when it was started again too often. */
  onGivenUp: (failure: StackFailure) => void;
}

/**
 * Keeps one process running: an end that nobody asked for is said and answered with a new start,
 * later each time, until it happens too often.
 */
export class SupervisedProcess {
  readonly name: string;
  readonly #options: SupervisedOptions;
  readonly #stopping = new AbortController();
  #child: RunningChild | undefined;
  #launching: Promise<void> = Promise.resolve();
  #watching: Promise<void> = Promise.resolve();
  #crashTimesMs: number[] = [];

  constructor(options: SupervisedOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** The id of the process that runs now. */
  get pid(): number | undefined {
    return this.#child?.isRunning() === true ? this.#child.pid : undefined;
  }

  /** @throws whatever the first launch throws */
  async start(): Promise<void> {
    this.#launching = this.#launch();
    await this.#launching;
    this.#watching = this.#watch();
  }

  /** Ends the process for good: `signal`, and SIGKILL after `graceMs`. */
  async stop(signal: NodeJS.Signals, graceMs: number): Promise<void> {
    this.#stopping.abort();
    await this.#child?.stop(signal, graceMs);
    await Promise.allSettled([this.#launching, this.#watching]);
  }

  async #launch(): Promise<void> {
    const { launch, onSpawned, onReady } = this.#options;
    const child = await launch({ signal: this.#stopping.signal, onSpawned });
    if (this.#stopping.signal.aborted) {
      // The stop was asked for while this was starting, and knows nothing of it.
      await child.stop("SIGINT", LATE_GRACE_MS);
      this.#stopping.signal.throwIfAborted();
    }
    this.#child = child;
    onReady();
  }

  async #watch(): Promise<void> {
    const { say, advice, onGivenUp } = this.#options;
    while (this.#child) {
      const exit = await this.#child.exited;
      if (this.#stopping.signal.aborted) return;
      let reason = describeExit(exit);
      for (;;) {
        const backOffMs = this.#nextBackOffMs();
        if (backOffMs === undefined) {
          const often = `${this.name} ended ${MAX_CRASHES} times within a minute (${reason})`;
          return onGivenUp(new StackFailure(often, advice));
        }
        say(`${this.name} ended (${reason}); starting it again`);
        try {
          await delay(backOffMs, undefined, { signal: this.#stopping.signal });
          await this.#launch();
          break;
        } catch (error) {
          if (this.#stopping.signal.aborted) return;
          reason = describeFailure(error);
        }
      }
      say(`${this.name} is back (process ${this.#child.pid})`);
    }
  }

  #nextBackOffMs(): number | undefined {
    const nowMs = performance.now();
    this.#crashTimesMs = this.#crashTimesMs.filter((timeMs) => nowMs - timeMs < CRASH_WINDOW_MS);
    this.#crashTimesMs.push(nowMs);
    const crashes = this.#crashTimesMs.length;
    if (crashes >= MAX_CRASHES) return undefined;
    return Math.min(FIRST_BACK_OFF_MS * 2 ** (crashes - 1), MAX_BACK_OFF_MS);
  }
}

function describeExit({ code, signal }: ChildExit): string {
  return signal === null ? `exit code ${code}` : signal;
}
