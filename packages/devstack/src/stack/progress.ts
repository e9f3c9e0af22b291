/** Says what is going on, a line at a time, with how long each step took. */
export interface Progress {
  say: (line: string) => void;
  /** Runs a step and says how it ended (`outcome`, or what that makes of the result) and how long it took. */
  step: <T>(
    name: string,
    outcome: string | ((result: T) => string),
    work: () => Promise<T>,
  ) => Promise<T>;
}

export function createProgress(write: (line: string) => void): Progress {
  return {
    say: write,
    step: async (name, outcome, work) => {
      const startMs = performance.now();
      const result = await work();
      const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
      const note = typeof outcome === "string" ? outcome : outcome(result);
      write(`${name.padEnd(12)} ${note.padEnd(16)} ${seconds} s`);
      return result;
    },
  };
}
