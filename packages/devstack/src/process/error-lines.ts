const ERROR_LEVELS = new Set(["error", "fatal"]);
const MAX_LINE_LENGTH = 300;

/** The frames and the frame around an uncaught error: they stay in the log. */
const PART_OF_A_STACK = /^(\s|node:|file:|Node\.js v|[{}\]^]|$)/;

/**
 * Picks the lines worth showing from what a process writes: JSON log lines of level error and up,
 * shortened to their message, and plain lines, which are what a process says when it cannot start.
 */
export class ErrorLines {
  readonly #show: (line: string) => void;
  readonly #isPlainShown: boolean;
  #rest = "";

  constructor(show: (line: string) => void, options: { isPlainShown: boolean }) {
    this.#show = show;
    this.#isPlainShown = options.isPlainShown;
  }

  add(chunk: Buffer): void {
    const lines = (this.#rest + chunk.toString("utf8")).split("\n");
    this.#rest = (lines.pop() ?? "").slice(-64_000);
    for (const line of lines) {
      const text = this.#worthShowing(line);
      if (text !== undefined) this.#show(text.slice(0, MAX_LINE_LENGTH));
    }
  }

  #worthShowing(line: string): string | undefined {
    if (!line.startsWith("{")) {
      return this.#isPlainShown && !PART_OF_A_STACK.test(line) ? line : undefined;
    }
    try {
      return describeEntry(JSON.parse(line) as Record<string, unknown>);
    } catch {
      return undefined;
    }
  }
}

function describeEntry(entry: Record<string, unknown>): string | undefined {
  if (!ERROR_LEVELS.has(String(entry.level))) return undefined;
  const cause = entry.err as { message?: unknown } | undefined;
  const message = typeof entry.msg === "string" ? entry.msg : "an error without a message";
  return typeof cause?.message === "string" && cause.message !== message
    ? `${message}: ${cause.message}`
    : message;
}
