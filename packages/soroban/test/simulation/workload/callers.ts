import type { Resolution } from "../../../src/intent/resolution.ts";
import type { SubmissionIntent } from "../../../src/intent/submission-intent.ts";
import type { SubmissionJournal } from "../../../src/journal/submission-journal.ts";
import type { Scheduler } from "../clockwork/scheduler.ts";
import type { SeededRandom } from "../clockwork/seeded-random.ts";
import type { Trace } from "../clockwork/trace.ts";
import type { FaultPlan } from "../faults.ts";
import type { RequestPlan } from "./scenario.ts";

export interface CallersOptions {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly plan: FaultPlan;
  readonly trace: Trace;
  readonly journal: SubmissionJournal;
  /** Whether somebody asks again for what was refused. */
  readonly mayRearm: boolean;
  readonly wake: () => void;
  readonly onRearmed: (intentId: string) => void;
}

/** How long a caller whose request could not be stored waits before it comes again. */
const RETRY_MS = 300;
const MOST_REARMS = 2;

/** Those who ask for charges: once, twice, again after a refusal, and until the journal took it. */
export class Callers {
  readonly #options: CallersOptions;
  readonly #rearms = new Map<string, number>();
  #pending = 0;

  constructor(options: CallersOptions) {
    this.#options = options;
  }

  /** Nobody is about to ask for anything. */
  get isIdle(): boolean {
    return this.#pending === 0;
  }

  begin(requests: readonly RequestPlan[]): void {
    for (const { intent, atMs, duplicatesAtMs } of requests) {
      this.#plan(atMs, () => this.#accept(intent));
      for (const againMs of duplicatesAtMs) this.#plan(againMs, () => this.#accept(intent));
    }
  }

  /** A definitive refusal: some callers try again, and do so while anything may still go wrong. */
  resolved({ tenantId, intentId, state }: Resolution): void {
    if (state !== "refused" && state !== "failed") return;
    const { random, plan, mayRearm } = this.#options;
    const rearms = this.#rearms.get(intentId) ?? 0;
    if (!mayRearm || plan.isOver || rearms >= MOST_REARMS || random.chance(0.5)) return;
    this.#rearms.set(intentId, rearms + 1);
    this.#plan(random.between(1, 40_000), () => this.#rearm(tenantId, intentId));
  }

  #plan(delayMs: number, work: () => Promise<void>): void {
    this.#pending += 1;
    this.#options.scheduler.after(delayMs, () => {
      this.#pending -= 1;
      void work();
    });
  }

  async #accept(intent: SubmissionIntent): Promise<void> {
    const { journal, plan, trace, random, wake } = this.#options;
    const isTroubled = plan.strikes("journal-errors");
    if (!isTroubled || random.chance(0.5)) await journal.insertIntents([intent]);
    trace.note("caller", `asks for ${intent.subjectId}${isTroubled ? ", is not told" : ""}`);
    if (isTroubled) this.#plan(RETRY_MS, () => this.#accept(intent));
    else wake();
  }

  async #rearm(tenantId: string, intentId: string): Promise<void> {
    const { journal, trace, scheduler, wake, onRearmed } = this.#options;
    const isBack = await journal.rearm(tenantId, intentId, scheduler.now());
    trace.note("caller", `tries ${intentId.slice(-4)} again: ${isBack}`);
    if (!isBack) return;
    onRearmed(intentId);
    wake();
  }
}
