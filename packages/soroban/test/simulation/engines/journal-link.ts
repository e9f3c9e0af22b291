import type { SubmissionJournal } from "../../../src/journal/submission-journal.ts";
import { asError } from "../as-error.ts";
import type { Scheduler } from "../clockwork/scheduler.ts";
import type { SeededRandom } from "../clockwork/seeded-random.ts";
import type { Trace } from "../clockwork/trace.ts";
import type { FaultPlan } from "../faults.ts";
import type { EngineProcess } from "./engine-process.ts";

export interface JournalLinkOptions {
  readonly journal: SubmissionJournal;
  readonly process: EngineProcess;
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  readonly plan: FaultPlan;
  readonly trace: Trace;
}

/** How the errors begin that a broken connection gives. */
export const CONNECTION_RESET = "connection reset";

type Call = (...args: unknown[]) => Promise<unknown>;

/** Reads and leases that find nothing say nothing in a trace. */
const QUIET = new Set(["leaseDue", "renew", "counts", "listChannels", "ensureChannels"]);

/**
 * One process's connection to the shared journal. Each call takes time, and may fail before its
 * commit, after it, or find its process dead or standing still at either side of it.
 */
export function linkJournal(options: JournalLinkOptions): SubmissionJournal {
  const link = new JournalLink(options);
  return new Proxy(options.journal, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function" || typeof name !== "string") return method;
      return (...args: unknown[]) => link.call(name, method.bind(target) as Call, args);
    },
  });
}

class JournalLink {
  readonly #options: JournalLinkOptions;

  constructor(options: JournalLinkOptions) {
    this.#options = options;
  }

  call(name: string, method: Call, args: unknown[]): Promise<unknown> {
    const { process, scheduler, random, plan } = this.#options;
    return new Promise((resolve, reject) => {
      process.meets(`before ${name}`, () => {
        const failure = plan.strikes("journal-errors") ? random.pick(["before", "after"]) : "none";
        const lost = () =>
          reject(new Error(`${CONNECTION_RESET} ${failure} the commit of ${name}`));
        scheduler.after(random.between(0, 12), () => {
          if (failure === "before") {
            this.#note(name, args, "not committed");
            process.deliver(lost);
            return;
          }
          void method(...args).then(
            (result) => {
              this.#note(name, args, failure === "after" ? "committed, not told" : result);
              process.meets(`after ${name}`, failure === "after" ? lost : () => resolve(result));
            },
            (error: unknown) => process.meets(`after ${name}`, () => reject(asError(error))),
          );
        });
      });
    });
  }

  #note(name: string, [first]: unknown[], result: unknown): void {
    const { trace, process } = this.#options;
    const isEmpty = Array.isArray(result) ? result.length === 0 : result === undefined;
    if (QUIET.has(name) && (isEmpty || name !== "leaseDue")) return;
    const about = subjectOf(Array.isArray(result) && name === "leaseDue" ? result : first);
    const said = typeof result === "boolean" || typeof result === "string" ? ` ${result}` : "";
    trace.note(process.name, `${name} ${about}${said}`);
  }
}

/** The intents that a call is about, by the ends of their ids. */
function subjectOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(subjectOf).join(" ");
  if (typeof value !== "object" || value === null) return "";
  const { intentIds, intentId, index, state } = value as Record<string, unknown>;
  const ids = Array.isArray(intentIds) ? intentIds : [intentId ?? index ?? ""];
  const name = ids.map((id) => String(id).slice(-4)).join("+");
  return typeof state === "string" ? `${name}(${state})` : name;
}
