import { type RunningChild, startChild } from "@orrery/devstack/process/child-process";
import { waitUntil } from "@orrery/devstack/process/wait-until";
import { PROJECT_ROOT } from "@orrery/devstack/stack/project-root";
import type { BenchContext } from "../harness/bench.ts";

const READY_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 15_000;
/** `exec`: the process that is stopped and measured is the one that was meant. */
const WITH_OUTPUT = 'exec "$0" "$1" > "$2"';
const TAIL_CHARACTERS = 4_000;

interface NodeChildOptions {
  readonly name: string;
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly isReady: () => Promise<boolean>;
  /** Where its output goes, past this process; else its end is kept for the error. */
  readonly outputFile?: string;
}

/**
 * Starts one of the project's own processes as production would, and resolves once it is ready.
 * @throws {Error} with the end of what it wrote, when it is not ready within a minute
 */
export async function startNodeChild(
  { cleanup }: Pick<BenchContext, "cleanup">,
  { name, entry, env, isReady, outputFile }: NodeChildOptions,
): Promise<RunningChild> {
  let tail = "";
  const child = await startChild({
    name,
    ...(outputFile === undefined
      ? { file: process.execPath, args: [entry] }
      : { file: "/bin/sh", args: ["-c", WITH_OUTPUT, process.execPath, entry, outputFile] }),
    cwd: PROJECT_ROOT,
    env: { PATH: process.env.PATH, HOST: "127.0.0.1", ...env },
    onOutput: (chunk) => {
      tail = (tail + chunk.toString("utf8")).slice(-TAIL_CHARACTERS);
    },
  });
  const killAtExit = () => child.kill("SIGKILL");
  process.once("exit", killAtExit);
  cleanup.defer(async () => {
    await child.stop("SIGTERM", STOP_GRACE_MS);
    process.off("exit", killAtExit);
  });
  await waitUntil(
    `${name} is ready`,
    async () => {
      if (!child.isRunning()) throw new Error(`${name} ended before it was ready:\n${tail}`);
      return isReady().catch(() => false);
    },
    { timeoutMs: READY_TIMEOUT_MS, intervalMs: 40 },
  );
  return child;
}
