import { randomUUID } from "node:crypto";
import { systemClock } from "@orrery/common/contracts/clock";
import { PeriodicTask } from "@orrery/common/events/periodic-task";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type { Database, OrreryDatabase } from "@orrery/common/repositories/database";
import { KyselyChargeRecordRepository } from "@orrery/common/repositories/reconciliation/charge-record-repository.kysely";
import { KyselyReconciliationStateRepository } from "@orrery/common/repositories/reconciliation/reconciliation-state-repository.kysely";
import { KyselySubmissionArchiveRepository } from "@orrery/common/repositories/submission-archive/submission-archive-repository.kysely";
import type { EngineLogger } from "@orrery/soroban/engine/engine-options";
import type { SorobanRpc } from "@orrery/soroban/rpc/soroban-rpc";
import { DEFAULT_VAULT_INTERFACE } from "@orrery/soroban/vault/vault-call";
import { createVaultInterfaces } from "@orrery/soroban/vault/vault-interfaces";
import { JournalArchiveJob } from "../archiving/journal-archive-job.ts";
import type { BillingConfig } from "../config.ts";
import { ReconciliationJob } from "./reconciliation-job.ts";
import { createReconciliationMetrics } from "./reconciliation-metrics.ts";

/** The work that is nobody's request. */
export interface Upkeep {
  start(): void;
  stop(): Promise<void>;
}

export interface UpkeepOptions {
  readonly config: Pick<BillingConfig, "RECONCILE_INTERVAL_S" | "JOURNAL_KEEP_DAYS">;
  /** Absent where state lives in memory: that forgets with the process, and nothing is kept up. */
  readonly database: Database | undefined;
  /** Absent while the chain is switched off: there is nothing to compare with then. */
  readonly rpc: SorobanRpc | undefined;
  readonly registry: MetricsRegistry;
  readonly logger: EngineLogger;
}

const DAY_MS = 86_400_000;
const ARCHIVE_INTERVAL_MS = 60_000;

/** Reconciliation and the archiving of the journal, both on Postgres alone. */
export function composeUpkeep(options: UpkeepOptions): Upkeep {
  const database = options.database?.kysely;
  const jobs =
    database === undefined ? [] : [archiving(options, database), ...reconciling(options, database)];
  return {
    start: () => {
      for (const { task } of jobs) task.start();
    },
    stop: async () => {
      for (const { job } of jobs) job.stop();
      await Promise.all(jobs.map(({ task }) => task.close()));
    },
  };
}

function archiving({ config, logger }: UpkeepOptions, database: OrreryDatabase) {
  const job = new JournalArchiveJob({
    archive: new KyselySubmissionArchiveRepository(database),
    clock: systemClock,
    keepMs: config.JOURNAL_KEEP_DAYS * DAY_MS,
  });
  return { job, task: taskOf(job, ARCHIVE_INTERVAL_MS, logger, "could not archive the journal") };
}

function reconciling({ config, rpc, registry, logger }: UpkeepOptions, database: OrreryDatabase) {
  const state = new KyselyReconciliationStateRepository(database);
  const metrics = createReconciliationMetrics(registry, state);
  if (rpc === undefined) return [];
  const job = new ReconciliationJob({
    sources: {
      rpc,
      records: new KyselyChargeRecordRepository(database),
      interfaces: createVaultInterfaces(rpc, DEFAULT_VAULT_INTERFACE),
    },
    state,
    metrics,
    logger,
    clock: systemClock,
    owner: `billing-${randomUUID()}`,
  });
  const intervalMs = config.RECONCILE_INTERVAL_S * 1_000;
  return [{ job, task: taskOf(job, intervalMs, logger, "could not reconcile; trying again") }];
}

function taskOf(
  job: { run(): Promise<void> },
  intervalMs: number,
  logger: EngineLogger,
  complaint: string,
) {
  return new PeriodicTask({
    intervalMs,
    run: () => job.run(),
    onError: (error) => logger.warn({ err: error }, complaint),
  });
}
