import type { Scheduler } from "../clockwork/scheduler.ts";
import type { SeededRandom } from "../clockwork/seeded-random.ts";
import type { Trace } from "../clockwork/trace.ts";
import type { FaultPlan } from "../faults.ts";

export interface EngineProcessOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly plan: FaultPlan;
  readonly trace: Trace;
  /** What its clock is ahead of the world's. */
  readonly skewMs: number;
  /** Told once, when it dies. */
  readonly onDeath: () => void;
}

/** How long a process may stand still: its leases run out meanwhile, or only nearly. */
const FROZEN_MS = { least: 8_000, most: 90_000 };

/**
 * What an engine runs in: it may die between any two instructions, or stand still and live on as a
 * zombie. Whatever would reach it goes through here.
 */
export class EngineProcess {
  readonly name: string;
  readonly #options: EngineProcessOptions;
  #isDead = false;
  #frozenUntilMs = 0;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Its own clock. */
  readonly clock = (): number => this.#options.scheduler.now() + this.#options.skewMs;

  readonly timers = {
    after: (delayMs: number, work: () => void) =>
      this.#options.scheduler.after(delayMs, () => this.deliver(work)),
  };

  /** Does it in the process: later when it stands still, never when it is dead. */
  deliver(work: () => void): void {
    if (this.#isDead) return;
    const { scheduler } = this.#options;
    if (scheduler.now() >= this.#frozenUntilMs) work();
    else scheduler.at(this.#frozenUntilMs, () => this.deliver(work));
  }

  /** A point at which it may die or stand still; goes on with `work` if and when it does. */
  meets(point: string, work: () => void): void {
    const { plan, scheduler, random, trace, name } = this.#options;
    if (this.#isDead) return;
    if (plan.strikes("crashes")) {
      trace.note(name, `dies ${point}`);
      this.kill();
      return;
    }
    if (plan.strikes("zombies")) {
      const forMs = random.between(FROZEN_MS.least, FROZEN_MS.most);
      this.#frozenUntilMs = Math.max(this.#frozenUntilMs, scheduler.now() + forMs);
      trace.note(name, `stands still ${point} for ${forMs} ms`);
    }
    this.deliver(work);
  }

  kill(): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#options.onDeath();
  }
}
