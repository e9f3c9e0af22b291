/** A server's fault may be felt this long after it was put right. */
const GRACE_MS = 5_000;

interface FaultEntry {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A call that was not answered as it should be: what was answered, or that nothing was. */
interface TroubledCall {
  readonly call: string;
  readonly said: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a fault did to the callers. */
export interface FaultSummary {
  readonly name: string;
  readonly times: number;
  /** From the blow until everything said that it is ready again, the longest one. */
  readonly longestMs: number;
  readonly troubledCalls: number;
}

/** When what went wrong, and which calls met trouble; times by `performance.now()`. */
export class Diary {
  readonly #faults: FaultEntry[] = [];
  readonly #troubles: TroubledCall[] = [];
  #calls = 0;

  get calls(): number {
    return this.#calls;
  }

  called(): void {
    this.#calls += 1;
  }

  troubled(trouble: TroubledCall): void {
    this.#troubles.push(trouble);
  }

  fault(entry: FaultEntry): void {
    this.#faults.push(entry);
  }

  /** Calls that met trouble while nothing was wrong, nor had been just before. */
  unexplained(): readonly string[] {
    return this.#troubles
      .filter((trouble) => this.#faults.every((fault) => !meets(trouble, fault)))
      .map(({ call, said, fromMs }) => `${call} at ${(fromMs / 1_000).toFixed(1)} s: ${said}`);
  }

  summaries(): readonly FaultSummary[] {
    const names = [...new Set(this.#faults.map(({ name }) => name))];
    return names.map((name) => {
      const entries = this.#faults.filter((entry) => entry.name === name);
      const troubles = this.#troubles.filter((trouble) =>
        entries.some((entry) => meets(trouble, entry)),
      );
      return {
        name,
        times: entries.length,
        longestMs: Math.max(...entries.map(({ fromMs, toMs }) => toMs - fromMs)),
        troubledCalls: troubles.length,
      };
    });
  }
}

function meets(trouble: TroubledCall, { fromMs, toMs }: FaultEntry): boolean {
  return trouble.toMs >= fromMs && trouble.fromMs <= toMs + GRACE_MS;
}
