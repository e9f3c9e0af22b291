import type { Clock } from "@orrery/common/contracts/clock";
import { uuidv7 } from "@orrery/common/contracts/id";
import type { ObjectStore } from "@orrery/common/object-store/object-store";
import type {
  ExportRepository,
  TenantExport,
} from "@orrery/common/repositories/export/export-repository";
import type { EngineLogger } from "@orrery/soroban/engine/engine-options";
import { exportKeys } from "./export-files.ts";

export interface ExportRetentionOptions {
  readonly exports: Pick<ExportRepository, "listOverdue" | "expire">;
  readonly store: Pick<ObjectStore, "delete" | "removeAbandoned">;
  readonly logger: EngineLogger;
  readonly clock: Clock;
}

const BATCH = 100;
const HOUR_MS = 3_600_000;
/** A file that was begun so long ago is not being written any more. */
const ABANDONED_MS = 24 * HOUR_MS;

/**
 * Removes the files of exports that are past their retention, then marks them: a run that ends in
 * between is done again. Any number of instances run it; one of them marks.
 */
export class ExportRetentionJob {
  readonly #options: ExportRetentionOptions;
  #isStopping = false;
  #sweptAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ExportRetentionOptions) {
    this.#options = options;
  }

  /** Makes the run that is under way end with its export. */
  stop(): void {
    this.#isStopping = true;
  }

  async run(): Promise<void> {
    const { exports } = this.#options;
    for (let isMore = true; isMore && !this.#isStopping; ) {
      const overdue = await exports.listOverdue(BATCH);
      let isStuck = false;
      for (const item of overdue) {
        if (this.#isStopping) return;
        if (!(await this.#expire(item))) isStuck = true;
      }
      // What could not be removed comes first in the next batch again.
      isMore = overdue.length === BATCH && !isStuck;
    }
    await this.#sweep();
  }

  async #expire({ tenantId, job }: TenantExport): Promise<boolean> {
    const { exports, store, logger, clock } = this.#options;
    try {
      for (const key of exportKeys(tenantId, job, job.epoch)) await store.delete(key);
      const nowMs = clock();
      await exports.expire(tenantId, job.id, {
        id: uuidv7(nowMs),
        event: "export.expired",
        actor: "system",
        details: {},
        recordedAt: new Date(nowMs),
      });
      return true;
    } catch (error) {
      logger.warn({ err: error, exportId: job.id }, "an export could not be removed");
      return false;
    }
  }

  /** What processes that ended left half-written, once an hour. */
  async #sweep(): Promise<void> {
    const { store, clock } = this.#options;
    const nowMs = clock();
    if (nowMs - this.#sweptAtMs < HOUR_MS) return;
    await store.removeAbandoned(new Date(nowMs - ABANDONED_MS));
    this.#sweptAtMs = nowMs;
  }
}
