import { existsSync } from "node:fs";
import { chown, lstat, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import pg from "pg";
import { type ChildExit, type RunningChild, startChild } from "../process/child-process.ts";
import { findFreePort } from "../process/free-port.ts";
import { runCommand } from "../process/run-command.ts";
import { waitUntil } from "../process/wait-until.ts";
import { errorCode, StackFailure } from "../stack-failure.ts";
import { findPostgresBinaries } from "./postgres-binaries.ts";
import { clearStaleLock } from "./stale-lock.ts";
import { findUnprivilegedWay, type UnprivilegedWay } from "./unprivileged.ts";

const HOST = "127.0.0.1";
const USER = "postgres";
const START_TIMEOUT_MS = 60_000;
const STOP_GRACE_MS = 15_000;

export interface PostgresOptions {
  /** Made, with an empty cluster, when it is not there. */
  dataDir: string;
  /** The superuser's password; it is set when the cluster is made and must be the same later. */
  password: string;
  /** 127.0.0.1 only; a free one when left out. */
  port?: number;
  /** False gives up crash safety for speed: for tests. */
  isDurable: boolean;
  /** Receives the server's log. */
  onOutput?: (chunk: Buffer) => void;
  onSpawned?: (pid: number) => Promise<void> | void;
  /** How root becomes somebody else; found when left out. */
  way?: UnprivilegedWay;
}

export interface RunningPostgres {
  readonly pid: number;
  readonly port: number;
  readonly child: RunningChild;
  readonly exited: Promise<ChildExit>;
  /** The superuser's URL of one database of this server. */
  url(database?: string): string;
  /** Ends sessions, writes a checkpoint and exits. */
  stop(): Promise<void>;
}

/**
 * Starts a real Postgres server on 127.0.0.1 and resolves once it accepts connections. Works as
 * root and as an ordinary user.
 * @throws {StackFailure} when the platform has no server, or the server does not start
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const dataDir = resolve(options.dataDir);
  const way = options.way ?? (await findUnprivilegedWay());
  await prepareCluster(dataDir, options.password, way);
  await clearStaleLock(dataDir);
  const port = options.port ?? (await findFreePort());
  const tail = new LogTail();
  const { postgres } = findPostgresBinaries();
  const [file = postgres, ...args] = [
    ...way.prefix,
    postgres,
    ...serverFlags(dataDir, port, options),
  ];
  const child = await startChild({
    name: "postgres",
    file,
    args,
    ...(options.onSpawned ? { onSpawned: options.onSpawned } : {}),
    onOutput: (chunk) => {
      tail.add(chunk);
      options.onOutput?.(chunk);
    },
  });
  const url = (database = "postgres") =>
    `postgres://${USER}:${encodeURIComponent(options.password)}@${HOST}:${port}/${database}`;
  try {
    await waitForConnections(child, url());
  } catch (error) {
    await child.stop("SIGINT", STOP_GRACE_MS);
    throw new StackFailure(
      `the embedded Postgres did not start: ${tail.reason()}`,
      `see its log, or remove ${dataDir} to start with an empty database`,
      { cause: error },
    );
  }
  const stop = async () => {
    await child.stop("SIGINT", STOP_GRACE_MS);
  };
  return { pid: child.pid, port, child, exited: child.exited, url, stop };
}

function serverFlags(dataDir: string, port: number, options: PostgresOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: HOST,
    unix_socket_directories: "",
    max_connections: "200",
    log_min_messages: "warning",
    ...(options.isDurable
      ? {}
      : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-D", dataDir, "-p", String(port), ...flags];
}

async function prepareCluster(
  dataDir: string,
  password: string,
  way: UnprivilegedWay,
): Promise<void> {
  if (!existsSync(join(dataDir, "PG_VERSION"))) {
    await createCluster(dataDir, password, way);
  } else if (way.prefix.length > 0 && (await lstat(dataDir)).uid !== way.ownerId) {
    await chownTree(dataDir, way.ownerId);
  }
}

async function createCluster(
  dataDir: string,
  password: string,
  way: UnprivilegedWay,
): Promise<void> {
  const passwordFile = `${dataDir}.password`;
  await rm(dataDir, { recursive: true, force: true });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (way.prefix.length > 0) {
    await chown(dataDir, way.ownerId, way.ownerId);
    await chown(passwordFile, way.ownerId, way.ownerId);
  }
  const { initdb } = findPostgresBinaries();
  const [file, ...args] = [
    ...way.prefix,
    initdb,
    `--pgdata=${dataDir}`,
    `--username=${USER}`,
    `--pwfile=${passwordFile}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--no-sync",
  ];
  try {
    const result = await runCommand(file, args);
    if (result.code === 0) return;
    await rm(dataDir, { recursive: true, force: true });
    throw new StackFailure(
      `the embedded Postgres could not make its files: ${result.stderr.trim().split("\n").at(-1)}`,
      `check that ${dataDir} can be written, or set DATABASE_URL`,
    );
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function chownTree(path: string, ownerId: number): Promise<void> {
  await chown(path, ownerId, ownerId);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await chownTree(child, ownerId);
    else if (entry.isFile()) await chown(child, ownerId, ownerId);
  }
}

async function waitForConnections(child: RunningChild, url: string): Promise<void> {
  await waitUntil(
    "embedded Postgres accepts connections",
    async () => {
      if (!child.isRunning()) throw new Error("the server ended");
      return canConnect(url);
    },
    { timeoutMs: START_TIMEOUT_MS, intervalMs: 30 },
  );
}

/** The refusals of a server that is not there yet: no listener, or still recovering. */
const NOT_YET = new Set(["ECONNREFUSED", "ECONNRESET", "57P03"]);

async function canConnect(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch (error) {
    if (NOT_YET.has(errorCode(error) ?? "")) return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Keeps the end of a log, for the one line of it that says why a server did not start. */
class LogTail {
  #text = "";

  add(chunk: Buffer): void {
    this.#text = (this.#text + chunk.toString("utf8")).slice(-4_000);
  }

  reason(): string {
    const lines = this.#text.split("\n").filter((line) => /FATAL|ERROR|could not/.test(line));
    return (
      lines
        .at(0)
        ?.replace(/^.*?(?:FATAL|ERROR|LOG): +/, "")
        .trim() ?? "it gave no reason"
    );
  }
}
