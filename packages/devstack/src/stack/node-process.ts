import { join } from "node:path";
import { type ChildExit, type RunningChild, startChild } from "../process/child-process.ts";
import { ErrorLines } from "../process/error-lines.ts";
import { LogFile } from "../process/log-file.ts";
import type { LaunchAttempt } from "../process/supervised-process.ts";
import { waitUntil } from "../process/wait-until.ts";
import { StackFailure } from "../stack-failure.ts";

const READY_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 2_000;

/** Where what a process writes goes: all of it to its log, errors also to the terminal. */
export interface ProcessOutput {
  logPath: string;
  write: (chunk: Buffer) => void;
  close: () => void;
}

export function openOutput(
  name: string,
  logFolder: string,
  say: (line: string) => void,
  options: { isPlainShown: boolean },
): ProcessOutput {
  const log = new LogFile(join(logFolder, `${name}.log`));
  const errors = new ErrorLines((line) => say(`${name}: ${line}`), options);
  const write = (chunk: Buffer) => {
    log.write(chunk);
    errors.add(chunk);
  };
  return { logPath: log.path, write, close: () => log.close() };
}

export interface NodeProcessOptions {
  name: string;
  /** The entry file, run by the Node that runs this process. */
  entry: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  isWatching: boolean;
  output: ProcessOutput;
  /** Whether the process serves by now; a throw counts as no. */
  isReady: () => Promise<boolean>;
  attempt: LaunchAttempt;
}

/**
 * Starts one of the project's own processes and resolves once it is ready.
 * @throws {StackFailure} when it ends first, or does not become ready within a minute
 */
export async function launchNodeProcess(options: NodeProcessOptions): Promise<RunningChild> {
  const { name, output } = options;
  const watching = options.isWatching ? ["--watch", "--watch-preserve-output"] : [];
  const child = await startChild({
    name,
    file: process.execPath,
    args: [...watching, options.entry],
    cwd: options.cwd,
    env: options.env,
    onOutput: output.write,
    onSpawned: options.attempt.onSpawned,
  });
  let exit: ChildExit | undefined;
  void child.exited.then((value) => {
    exit = value;
  });
  try {
    await waitUntil(
      `${name} is ready`,
      async () => {
        options.attempt.signal.throwIfAborted();
        if (exit) throw new Error(`it ended with ${exit.signal ?? `exit code ${exit.code}`}`);
        return options.isReady().catch(() => false);
      },
      { timeoutMs: READY_TIMEOUT_MS, intervalMs: 40 },
    );
    return child;
  } catch (error) {
    await child.stop("SIGTERM", 1_000);
    options.attempt.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new StackFailure(`${name} did not start: ${reason}`, `see ${output.logPath}`, {
      cause: error,
    });
  }
}

/** Whether this address answers 2xx now. */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
  await response.body?.cancel();
  return response.ok;
}
