import { PeriodicTask } from "@orrery/common/events/periodic-task";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import type { StoreCutover } from "@orrery/common/repositories/cutover/store-cutover";
import { StoreGate } from "@orrery/common/repositories/cutover/store-gate";
import { StoreGuard } from "@orrery/common/repositories/cutover/store-guard";
import {
  STORED_REPOSITORIES,
  type StoredRepository,
} from "@orrery/common/repositories/cutover/store-mode";
import type { Database } from "@orrery/common/repositories/database";
import type { ExportSource } from "@orrery/common/repositories/export-source/export-source";
import { KyselyStoreModeRepository } from "@orrery/common/repositories/store-mode/store-mode-repository.kysely";
import type { EngineLogger } from "@orrery/soroban/engine/engine-options";
import type { BillingConfig } from "../config.ts";
import type { SharedTerms } from "./cutover-terms.ts";
import { composeMovableExports, movableSource } from "./exports/compose.ts";
import { composeMovableIdempotency } from "./idempotency/compose.ts";
import { createStoreMetrics } from "./store-metrics.ts";
import { StoreService } from "./store-service.ts";
import { composeMovableStreams } from "./streams/compose.ts";

export interface StoreOptions {
  readonly config: Pick<BillingConfig, "STORE_MODE" | "NODE_ENV">;
  readonly url: string;
  readonly database: Database;
  /** Whose connections are the engine's. */
  readonly engine: Database;
  readonly registry: MetricsRegistry;
  readonly logger: EngineLogger;
}

/** How often some more records of both sides are compared. */
const COMPARE_INTERVAL_MS = 1_000;
/** How long another process may take to stop. */
const OTHERS_STOP_MS = 30_000;

/** The repositories that can be moved between memory and Postgres while billing serves. */
export function composeStore(options: StoreOptions) {
  const { config, url, database, engine, registry, logger } = options;
  const side = config.STORE_MODE;
  const repairsOf = (name: StoredRepository) => cutovers[name].status.repairs;
  const terms: SharedTerms = {
    gate: new StoreGate(),
    modes: new KyselyStoreModeRepository(database.kysely),
    initial: { mode: side, reads: side },
    metrics: createStoreMetrics(registry, repairsOf),
    onRefused: (error) => logger.warn({ err: error }, "a store refused a copy; trying again"),
  };
  const onError = (error: unknown) => logger.warn({ err: error }, "could not look after the store");
  const streams = composeMovableStreams({ database, engine, terms, onError });
  const idempotency = composeMovableIdempotency(database, terms);
  const exports = composeMovableExports(database, terms);
  const cutovers: Readonly<Record<StoredRepository, StoreCutover>> = {
    stream: streams.cutover,
    idempotency: idempotency.cutover,
    export: exports.cutover,
  };
  const guard = new StoreGuard({ url, onError });
  const compare = new PeriodicTask({
    intervalMs: COMPARE_INTERVAL_MS,
    run: async () => {
      for (const name of STORED_REPOSITORIES) await cutovers[name].compareSome();
    },
    onError,
  });
  return {
    streams: streams.streams,
    journal: streams.journal,
    idempotency: idempotency.store,
    exports: exports.exports,
    sourceOf: (postgres: ExportSource) =>
      movableSource(postgres, streams.memory, () => streams.cutover.side === "memory"),
    service: new StoreService({
      cutovers,
      guard,
      onSwitched: (repository, setting) =>
        logger.info({ repository, ...setting }, "a store was switched"),
    }),
    /** Takes up where it was switched to, and fills the memory of this process. */
    start: async () => {
      const settings = await Promise.all(STORED_REPOSITORIES.map((name) => cutovers[name].load()));
      const isAlone = settings.some(({ mode }) => mode !== "postgres");
      await guard.start(isAlone, OTHERS_STOP_MS);
      if (isAlone) logger.warn({ settings }, "records are kept in the memory of this process");
      for (const name of STORED_REPOSITORIES) await cutovers[name].start();
      compare.start();
      streams.task.start();
    },
    stop: async () => {
      await compare.close();
      await streams.task.close();
      for (const name of STORED_REPOSITORIES) await cutovers[name].stop();
      await guard.stop();
    },
  };
}
