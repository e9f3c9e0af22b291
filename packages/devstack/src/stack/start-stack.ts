import { rmSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { migrateToLatest } from "@orrery/common/repositories/migrations/migrate";
import { provisionLogins } from "@orrery/common/repositories/migrations/provision-logins";
import type { DevstackConfig, Environment } from "../config.ts";
import { type DataDir, openDataDir } from "../data-dir/data-dir.ts";
import { writePrivateJson } from "../data-dir/private-file.ts";
import { openSecrets } from "../data-dir/secrets.ts";
import { ChainActivity } from "../demo/chain-activity.ts";
import { type DemoFile, demoTenants } from "../demo/demo-file.ts";
import { seedDemo } from "../demo/seed-demo.ts";
import { type Owner, ProcessRecord } from "../process/process-record.ts";
import { startWatchdog } from "../process/start-watchdog.ts";
import { errorMessage, StackFailure } from "../stack-failure.ts";
import { startBackends } from "./backends.ts";
import type { Backends } from "./child-environment.ts";
import { startLedger } from "./ledger.ts";
import { LedgerClient } from "./ledger-client.ts";
import type { Progress } from "./progress.ts";
import { startServices } from "./services.ts";
import { assertPortsFree, stackAddresses } from "./stack-addresses.ts";
import type { StackContext } from "./stack-context.ts";
import { StackProcesses } from "./stack-processes.ts";

/** How long an earlier start may take to end once it was told to, and to be told. */
const STOPPING_MS = 60_000;
const SETTLING_MS = 2_000;
const OWNER_INTERVAL_MS = 100;

/** What services reach over the network. */
export type Dependency = "database" | "redis" | "ledger";

export interface StackOptions {
  config: DevstackConfig;
  /** Handed to the services, below what the stack decides. */
  env: Environment;
  progress: Progress;
  /**
   * Stands between the services and what they depend on: is given the address of each and gives the one
   * that they shall use.
   */
  between?: (dependency: Dependency, url: string) => Promise<string>;
  /** Starts a second billing and a second catalog, and has the gateway use both. */
  hasTwins?: boolean;
  /** Runs the services under `node --watch`. */
  isWatching?: boolean;
  /** Ends a start that is under way; after it, `stop` is what stops. */
  signal?: AbortSignal;
}

export interface RunningStack {
  /** What demo.json holds now. */
  demo(): DemoFile;
  readonly dataDir: DataDir;
  /** Settles when a process kept ending and was given up; the stack is still to be stopped. */
  readonly givenUp: Promise<StackFailure>;
  /** Stops services, simulator, Redis and Postgres, in that order. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * Starts everything that `npm start` runs and resolves when all of it is ready, the demo data is
 * there and demo.json is written. Whatever was started is stopped again when something fails.
 * @throws {StackFailure} saying what to do
 */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { config, env, progress } = options;
  const dataDir = openDataDir(config.ORRERY_DATA_DIR);
  const record = new ProcessRecord(dataDir.processesFile);
  await takeOver(record, dataDir, progress);
  rmSync(dataDir.demoFile, { force: true });
  await assertPortsFree(config);
  await record.claim();
  const processes = new StackProcesses(record, progress.say);
  const watchdog = await startWatchdog(dataDir.processesFile);
  await record.add("watchdog", watchdog.pid);
  const addresses = stackAddresses(config);
  const activity = new ChainActivity(new LedgerClient(addresses.ledgerUrl));
  const stop = async () => {
    activity.stop();
    rmSync(dataDir.demoFile, { force: true });
    record.markStopping();
    await processes.stopAll();
    record.release();
    await watchdog.release();
  };
  const stopStarting = () => void processes.stopAll();
  options.signal?.addEventListener("abort", stopStarting);
  try {
    options.signal?.throwIfAborted();
    const secrets = openSecrets(dataDir.secretsFile, config);
    const isWatching = options.isWatching ?? false;
    const context: StackContext = {
      config,
      env,
      progress,
      isWatching,
      dataDir,
      secrets,
      addresses,
      processes,
    };
    const demo = await startParts(context, options);
    await activity.start();
    return { demo, dataDir, givenUp: processes.givenUp, stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", stopStarting);
  }
}

/** Makes sure that nothing of an earlier start still runs on this data directory. */
async function takeOver(record: ProcessRecord, dataDir: DataDir, progress: Progress) {
  const owner = await waitForOwner(record);
  if (owner) {
    throw new StackFailure(
      `Orrery already runs on ${dataDir.root} (process ${owner.pid})`,
      "stop it first, or set ORRERY_DATA_DIR and other ports for a second one",
    );
  }
  const names = (await record.stopLeftovers()).filter((name) => name !== "watchdog");
  if (names.length > 0) {
    progress.say(`an earlier start was killed; stopped what it left: ${names.join(", ")}`);
  }
}

/** The owner that stays; one that was told to stop, or is about to learn of it, is waited for. */
async function waitForOwner(record: ProcessRecord): Promise<Owner | undefined> {
  const startMs = performance.now();
  let owner = await record.findOwner();
  while (owner && performance.now() - startMs < (owner.isStopping ? STOPPING_MS : SETTLING_MS)) {
    await delay(OWNER_INTERVAL_MS);
    owner = await record.findOwner();
  }
  return owner;
}

async function startParts(
  context: StackContext,
  { between, hasTwins = false }: Pick<StackOptions, "between" | "hasTwins">,
): Promise<() => DemoFile> {
  const { config, progress, dataDir, secrets, addresses, processes } = context;
  const [backends] = await Promise.all([startBackends(context), startLedger(context)]);
  await progress.step(
    "migrations",
    ({ applied }) => (applied.length === 0 ? "up to date" : `${applied.length} applied`),
    () => migrate(backends.databaseUrl),
  );
  if (backends.isEmbedded) await provisionLogins(backends.databaseUrl, secrets.loginPasswords);
  const reached = await reachThrough(between, backends, addresses.ledgerUrl);
  const seen = { ...context, addresses: { ...addresses, ledgerUrl: reached.ledgerUrl } };
  await startServices(seen, reached.backends, hasTwins);
  const ledger = new LedgerClient(addresses.ledgerUrl);
  const seeded = await progress.step("demo data", "ready", () =>
    seedDemo({
      gatewayUrl: addresses.gatewayUrl,
      adminToken: secrets.adminToken,
      ledger,
      secretsFile: dataDir.secretsFile,
      apiKeys: secrets.apiKeys,
    }),
  );
  const demo = (): DemoFile => ({
    ...addresses,
    networkPassphrase: config.NETWORK_PASSPHRASE,
    adminToken: secrets.adminToken,
    jwtSecret: secrets.jwtSecret,
    databaseUrl: backends.databaseUrl,
    ...(backends.redisUrl === undefined ? {} : { redisUrl: backends.redisUrl }),
    tenants: demoTenants(seeded),
    processes: processes.demoPids(),
  });
  const write = () => writePrivateJson(dataDir.demoFile, demo());
  write();
  processes.onRestart(write);
  return demo;
}

/** The addresses by which the services reach what they depend on. */
async function reachThrough(
  between: StackOptions["between"],
  backends: Backends,
  ledgerUrl: string,
): Promise<{ backends: Backends; ledgerUrl: string }> {
  if (between === undefined) return { backends, ledgerUrl };
  const databaseUrl = await between("database", backends.databaseUrl);
  const redisUrl =
    backends.redisUrl === undefined ? undefined : await between("redis", backends.redisUrl);
  return {
    backends: { ...backends, databaseUrl, ...(redisUrl === undefined ? {} : { redisUrl }) },
    ledgerUrl: await between("ledger", ledgerUrl),
  };
}

async function migrate(databaseUrl: string): Promise<{ applied: string[] }> {
  try {
    return await migrateToLatest(databaseUrl);
  } catch (error) {
    throw new StackFailure(
      `the database could not be migrated: ${errorMessage(error)}`,
      "check DATABASE_URL and the role's right to create tables; without it the embedded one is used",
      { cause: error },
    );
  }
}
