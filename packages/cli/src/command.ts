import type { ParseArgsOptionsConfig } from "node:util";

/** What a command prints to: the process's own streams, or a test's. */
export interface Output {
  /** One line for people. */
  line(text: string): void;
  /** How far the work has come; beside the result, and only for people. */
  progress(text: string): void;
  /** The whole result, for programs that asked with `--json`. */
  json(value: unknown): void;
}

/** How the process ends. */
export const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export type Environment = Readonly<Record<string, string | undefined>>;

/** The rest of the command line. */
export interface Arguments {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly operands: readonly string[];
}

export interface Command {
  /** One word or more (`unknown list`, `events rejected replay`). */
  readonly name: string;
  /** What follows the name. */
  readonly parameters?: string;
  readonly summary: string;
  /** Options beside `--json` and `--help`. */
  readonly options?: ParseArgsOptionsConfig;
  /** @throws {UsageError} when the arguments make no sense */
  run(output: Output, env: Environment, given: Arguments): Promise<ExitCode>;
}

/** The command line was not understood; the message says what is missing. */
export class UsageError extends Error {}

/** The value of an option that must be given. @throws {UsageError} */
export function requireOption({ options }: Arguments, name: string): string {
  const value = options[name];
  if (typeof value !== "string" || value.trim() === "") {
    throw new UsageError(`--${name} is required`);
  }
  return value;
}

/** A whole number above 0. @throws {UsageError} */
export function readNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new UsageError(`${name} must be a whole number above 0`);
  return Number(text);
}
