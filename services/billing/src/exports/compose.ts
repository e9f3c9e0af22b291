import { randomUUID } from "node:crypto";
import { systemClock } from "@orrery/common/contracts/clock";
import { PeriodicTask } from "@orrery/common/events/periodic-task";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { openObjectStore } from "@orrery/common/object-store/compose";
import type { ObjectStore } from "@orrery/common/object-store/object-store";
import { MemoryObjectStore } from "@orrery/common/object-store/object-store.memory";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type { Database, DatabaseOptions } from "@orrery/common/repositories/database";
import type { ExportRepository } from "@orrery/common/repositories/export/export-repository";
import { KyselyExportRepository } from "@orrery/common/repositories/export/export-repository.kysely";
import { MemoryExportRepository } from "@orrery/common/repositories/export/export-repository.memory";
import type { ExportSource } from "@orrery/common/repositories/export-source/export-source";
import { KyselyExportSource } from "@orrery/common/repositories/export-source/export-source.kysely";
import {
  MemoryExportSource,
  type MemoryExportSourceOptions,
} from "@orrery/common/repositories/export-source/export-source.memory";
import type { EngineLogger } from "@orrery/soroban/engine/engine-options";
import type { BillingConfig } from "../config.ts";
import { ExportLinks } from "./export-links.ts";
import { registerExportMetrics } from "./export-metrics.ts";
import { ExportRetentionJob } from "./export-retention-job.ts";
import { ExportService } from "./export-service.ts";
import { ExportWorker } from "./export-worker.ts";

/** What a test puts between exports and the world. */
export interface ExportSeams {
  readonly store?: (store: ObjectStore) => ObjectStore;
  readonly leaseMs?: number;
}

export interface ExportsOptions {
  readonly config: BillingConfig;
  /** Undefined: everything lives in memory. */
  readonly database: Database | undefined;
  /** Opens further connections to the same database. */
  readonly openDatabase: (
    options: Pick<DatabaseOptions, "poolSize" | "applicationName">,
  ) => Database | undefined;
  /** What is exported while everything lives in memory. */
  readonly memory: MemoryExportSourceOptions | undefined;
  /** Where jobs are kept, and what is exported, while they can be moved. */
  readonly movable?:
    | {
        readonly exports: ExportRepository;
        readonly sourceOf: (postgres: ExportSource) => ExportSource;
      }
    | undefined;
  readonly registry: MetricsRegistry;
  readonly logger: EngineLogger;
  readonly seams?: ExportSeams;
}

const DAY_MS = 86_400_000;
/** How often an instance looks for exports that another one took or lost. */
const WORK_INTERVAL_MS = 1_000;
const RETENTION_INTERVAL_MS = 60_000;
const LEASE_MS = 15_000;
const MAX_ATTEMPTS = 5;
const RETRY_MS = 2_000;
const MAX_ATTEMPT_MS = 3_600_000;

/** Exports: what requests are answered with, what writes their files, and what ends their retention. */
export function composeExports(options: ExportsOptions) {
  const { config, registry, logger, seams = {} } = options;
  const parts = open(options);
  const store = seams.store?.(parts.store) ?? parts.store;
  const { exports, source } = parts;
  registerExportMetrics(registry, exports);
  const worker = new ExportWorker({
    exports,
    source,
    store,
    logger,
    monotonicClock: () => performance.now(),
    owner: `billing-${randomUUID()}`,
    concurrency: config.EXPORT_CONCURRENCY,
    leaseMs: seams.leaseMs ?? LEASE_MS,
    maxMs: MAX_ATTEMPT_MS,
    maxBytes: config.EXPORT_MAX_BYTES,
    maxAttempts: MAX_ATTEMPTS,
    retryMs: RETRY_MS,
    onFree: () => work.nudge(),
  });
  const work = taskOf(worker, WORK_INTERVAL_MS, logger, "could not look for exports to write");
  const retention = new ExportRetentionJob({ exports, store, logger, clock: systemClock });
  const upkeep = taskOf(retention, RETENTION_INTERVAL_MS, logger, "could not remove old exports");
  return {
    service: new ExportService({
      exports,
      store,
      links: new ExportLinks({
        keys: parseContextKeys(config.EXPORT_URL_KEYS),
        ttlMs: config.EXPORT_URL_TTL_S * 1_000,
        clock: systemClock,
      }),
      clock: systemClock,
      retentionMs: config.EXPORT_RETENTION_DAYS * DAY_MS,
      maxPending: config.EXPORT_MAX_PENDING_PER_TENANT,
      wake: () => work.nudge(),
    }),
    start: () => {
      work.start();
      upkeep.start();
    },
    /** Hands back what is being written. */
    stop: async () => {
      retention.stop();
      worker.stop();
      await Promise.all([work.close(), upkeep.close()]);
      await worker.drained();
      await parts.close();
    },
  };
}

interface Parts {
  readonly exports: ExportRepository;
  readonly source: ExportSource;
  readonly store: ObjectStore;
  readonly close: () => Promise<void>;
}

function open({ config, database, openDatabase, memory, movable }: ExportsOptions): Parts {
  if (database === undefined) {
    if (memory === undefined) throw new Error("exports need a database, or what is in memory");
    const store = new MemoryObjectStore();
    const source = new MemoryExportSource(memory);
    return { exports: new MemoryExportRepository(), source, store, close: async () => {} };
  }
  // Of their own: a file holds one for as long as it is written, and requests must not wait for that.
  const poolSize = config.EXPORT_CONCURRENCY;
  const copying = openDatabase({ poolSize, applicationName: "orrery-billing-exports" });
  if (copying === undefined) throw new Error("exports need a database");
  const source = new KyselyExportSource({ database: copying, maxMs: MAX_ATTEMPT_MS });
  return {
    exports: movable?.exports ?? new KyselyExportRepository(database.kysely),
    source: movable?.sourceOf(source) ?? source,
    store: openObjectStore(config),
    close: () => copying.close(),
  };
}

function taskOf(
  job: { run(): Promise<void> },
  intervalMs: number,
  logger: EngineLogger,
  complaint: string,
): PeriodicTask {
  return new PeriodicTask({
    intervalMs,
    run: () => job.run(),
    onError: (error) => logger.warn({ err: error }, complaint),
  });
}
