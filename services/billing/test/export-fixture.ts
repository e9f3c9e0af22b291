import type { Clock } from "@orrery/common/contracts/clock";
import { uuidv7 } from "@orrery/common/contracts/id";
import type { ObjectStore } from "@orrery/common/object-store/object-store";
import { MemoryObjectStore } from "@orrery/common/object-store/object-store.memory";
import { createRegistry } from "@orrery/common/observability/metrics";
import { MemoryExportRepository } from "@orrery/common/repositories/export/export-repository.memory";
import {
  MemoryExportSource,
  type MemoryExportSourceOptions,
} from "@orrery/common/repositories/export-source/export-source.memory";
import { ExportLinks } from "../src/exports/export-links.ts";
import { registerExportMetrics } from "../src/exports/export-metrics.ts";
import { ExportRetentionJob } from "../src/exports/export-retention-job.ts";
import { ExportService } from "../src/exports/export-service.ts";
import { ExportWorker, type ExportWorkerOptions } from "../src/exports/export-worker.ts";

export const EXPORT_DAY_MS = 86_400_000;
const EXPORT_KEYS = [
  { keyId: "new", secret: Buffer.alloc(32, 1) },
  { keyId: "old", secret: Buffer.alloc(32, 2) },
] as const;

interface ExportFixtureOptions extends Omit<MemoryExportSourceOptions, "clock"> {
  readonly maxPending?: number;
  readonly store?: ObjectStore;
  readonly makeExports?: (clock: Clock) => MemoryExportRepository;
}

/** Exports over memory adapters: files are written when the test says so, at a time that it sets. */
export function createExportFixture(options: ExportFixtureOptions) {
  const { maxPending = 10, store = new MemoryObjectStore(), makeExports, ...source } = options;
  const time = { nowMs: Date.parse("2026-03-01T12:00:00.000Z") };
  const clock = () => time.nowMs;
  const exports = makeExports?.(clock) ?? new MemoryExportRepository(clock);
  const said: unknown[] = [];
  const logger = { info: () => {}, warn: (what: object) => void said.push(what), error: () => {} };
  const registry = createRegistry();
  registerExportMetrics(registry, exports);
  const links = new ExportLinks({ keys: EXPORT_KEYS, ttlMs: 3_600_000, clock });
  let wakes = 0;
  const service = new ExportService({
    exports,
    store,
    links,
    clock,
    retentionMs: 7 * EXPORT_DAY_MS,
    maxPending,
    wake: () => {
      wakes += 1;
    },
  });
  const newWorker = (changes: Partial<ExportWorkerOptions> = {}) =>
    new ExportWorker({
      exports,
      source: new MemoryExportSource({ ...source, clock }),
      store,
      logger,
      monotonicClock: clock,
      owner: uuidv7(),
      concurrency: 2,
      leaseMs: 15_000,
      maxMs: 60_000,
      maxBytes: 1_000_000,
      maxAttempts: 3,
      retryMs: 1_000,
      onFree: () => {},
      ...changes,
    });
  /** Writes all that is due now. */
  const write = async (changes: Partial<ExportWorkerOptions> = {}) => {
    const worker = newWorker(changes);
    for (let waiting = -1; waiting !== (await exports.count()).pending; ) {
      waiting = (await exports.count()).pending;
      await worker.run();
      await worker.drained();
    }
  };
  return {
    service,
    exports,
    store,
    links,
    time,
    registry,
    /** What was logged as a warning. */
    said,
    wakes: () => wakes,
    newWorker,
    write,
    retention: new ExportRetentionJob({ exports, store, logger, clock }),
  };
}

export type ExportFixture = ReturnType<typeof createExportFixture>;
