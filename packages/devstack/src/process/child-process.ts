import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

export interface ChildCommand {
  /** The name that messages use, e.g. "billing". */
  name: string;
  file: string;
  args: readonly string[];
  /** The whole environment of the child; without it, this process's own. */
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Numeric user and group to drop to, for a parent that is root. */
  uid?: number;
  gid?: number;
  /** Receives what the child writes to stdout and stderr. */
  onOutput?: (chunk: Buffer) => void;
  /** Told the process id before anything else happens, so that it can be found again. */
  onSpawned?: (pid: number) => Promise<void> | void;
}

export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A started process; `exited` settles once, when it has ended and its output was read. */
export interface RunningChild {
  readonly name: string;
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  isRunning(): boolean;
  /** Sends `signal`; a process that has ended already is left alone. */
  kill(signal: NodeJS.Signals): void;
  /** Sends `signal`, and SIGKILL after `graceMs`; resolves when the process has ended. */
  stop(signal: NodeJS.Signals, graceMs: number): Promise<ChildExit>;
}

/**
 * Starts a process in a session of its own, so that Ctrl-C in the terminal reaches this process
 * alone and it decides the order in which the others stop.
 * @throws Error when the file cannot be run
 */
export async function startChild(command: ChildCommand): Promise<RunningChild> {
  const child = spawn(command.file, [...command.args], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(command.env ? { env: command.env } : {}),
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  });
  const exited = new Promise<ChildExit>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  child.stdout?.on("data", (chunk: Buffer) => command.onOutput?.(chunk));
  child.stderr?.on("data", (chunk: Buffer) => command.onOutput?.(chunk));
  await once(child, "spawn");
  await command.onSpawned?.(child.pid ?? 0);
  return runningChild(command.name, child, exited);
}

function runningChild(name: string, child: ChildProcess, exited: Promise<ChildExit>): RunningChild {
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const kill = (signal: NodeJS.Signals) => {
    if (isRunning()) child.kill(signal);
  };
  const stop = async (signal: NodeJS.Signals, graceMs: number) => {
    kill(signal);
    const timer = setTimeout(() => kill("SIGKILL"), graceMs);
    try {
      return await exited;
    } finally {
      clearTimeout(timer);
    }
  };
  if (child.pid === undefined) {
    throw new Error(`${name} has no process id`);
  }
  return { name, pid: child.pid, exited, isRunning, kill, stop };
}
