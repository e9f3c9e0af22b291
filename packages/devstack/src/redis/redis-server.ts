import { access, constants, mkdir } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { type ChildExit, type RunningChild, startChild } from "../process/child-process.ts";
import { findFreePort } from "../process/free-port.ts";
import { runCommand } from "../process/run-command.ts";
import { waitUntil } from "../process/wait-until.ts";
import { StackFailure } from "../stack-failure.ts";
import { pingRedis } from "./redis-ping.ts";

const HOST = "127.0.0.1";
const START_TIMEOUT_MS = 15_000;
const STOP_GRACE_MS = 5_000;

/** A redis-server that can be run: the file, and the folder of libraries it needs, if any. */
export interface RedisProgram {
  file: string;
  libraryFolder?: string;
}

export interface RedisOptions {
  program: RedisProgram;
  dataDir: string;
  port?: number;
  /** True keeps an append-only file in `dataDir`; false keeps nothing: for tests. */
  isDurable: boolean;
  onOutput?: (chunk: Buffer) => void;
  onSpawned?: (pid: number) => Promise<void> | void;
}

export interface RunningRedis {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  readonly child: RunningChild;
  readonly exited: Promise<ChildExit>;
  stop(): Promise<void>;
}

/** The redis-server found on `searchPath` (a PATH), then in `cacheFolder` as unpacked there. */
export async function findRedisServer(
  searchPath: string,
  cacheFolder: string,
): Promise<RedisProgram | undefined> {
  for (const folder of searchPath.split(delimiter).filter((entry) => entry !== "")) {
    const program = { file: join(folder, "redis-server") };
    if (await runs(program)) return program;
  }
  const unpacked = unpackedRedis(cacheFolder);
  return (await runs(unpacked)) ? unpacked : undefined;
}

/** Where Debian's packages, unpacked into `cacheFolder`, put their redis-server. */
function unpackedRedis(cacheFolder: string): RedisProgram {
  const architectures: Partial<Record<NodeJS.Architecture, string>> = {
    x64: "x86_64-linux-gnu",
    arm64: "aarch64-linux-gnu",
  };
  const triple = architectures[process.arch] ?? process.arch;
  return {
    file: join(cacheFolder, "usr/bin/redis-server"),
    libraryFolder: join(cacheFolder, "usr/lib", triple),
  };
}

/** Whether this program is there and starts at all (its libraries are found). */
async function runs(program: RedisProgram): Promise<boolean> {
  try {
    await access(program.file, constants.X_OK);
  } catch {
    return false;
  }
  const result = await runCommand(program.file, ["--version"], { env: environment(program) });
  return result.code === 0;
}

/**
 * Starts a real Redis on 127.0.0.1 and resolves once it answers.
 * @throws {StackFailure} when it does not
 */
export async function startRedis(options: RedisOptions): Promise<RunningRedis> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const port = options.port ?? (await findFreePort());
  let output = "";
  const child = await startChild({
    name: "redis",
    file: options.program.file,
    args: serverFlags(port, options.isDurable),
    cwd: dataDir,
    env: environment(options.program),
    ...(options.onSpawned ? { onSpawned: options.onSpawned } : {}),
    onOutput: (chunk) => {
      output = (output + chunk.toString("utf8")).slice(-2_000);
      options.onOutput?.(chunk);
    },
  });
  try {
    await waitUntil(
      "redis-server answers",
      () => {
        if (!child.isRunning()) throw new Error("redis-server ended");
        return pingRedis(HOST, port);
      },
      { timeoutMs: START_TIMEOUT_MS },
    );
  } catch (error) {
    await child.stop("SIGTERM", STOP_GRACE_MS);
    throw new StackFailure(
      `redis-server did not start: ${output.trim().split("\n").at(-1) ?? ""}`,
      "set REDIS_URL to a Redis of your own",
      { cause: error },
    );
  }
  const stop = async () => {
    await child.stop("SIGTERM", STOP_GRACE_MS);
  };
  const url = `redis://${HOST}:${port}`;
  return { pid: child.pid, port, url, child, exited: child.exited, stop };
}

/** Configuration by flags alone; the working directory holds the data (a path may hold spaces). */
function serverFlags(port: number, isDurable: boolean): string[] {
  const flags = ["--port", String(port), "--bind", HOST, "--daemonize", "no", "--save", ""];
  return [...flags, "--databases", "256", "--appendonly", isDurable ? "yes" : "no"];
}

function environment(program: RedisProgram): NodeJS.ProcessEnv {
  return program.libraryFolder === undefined
    ? { LC_ALL: "C" }
    : { LC_ALL: "C", LD_LIBRARY_PATH: program.libraryFolder };
}
