import type { Clock } from "@orrery/common/contracts/clock";
import { type ObjectStore, ObjectStoreError } from "@orrery/common/object-store/object-store";
import type { ExportFailure } from "@orrery/common/repositories/export/export-job";
import type {
  ExportRepository,
  TenantExport,
} from "@orrery/common/repositories/export/export-repository";
import type { ExportSource } from "@orrery/common/repositories/export-source/export-source";
import type { EngineLogger } from "@orrery/soroban/engine/engine-options";
import { exportKey, exportKeys } from "./export-files.ts";

export interface ExportAttemptOptions {
  readonly exports: ExportRepository;
  readonly source: ExportSource;
  readonly store: ObjectStore;
  readonly logger: EngineLogger;
  /** Of the time that passes, whatever becomes of the time of day. */
  readonly monotonicClock: Clock;
  /** Renewed after a third of it. */
  readonly leaseMs: number;
  /** The longest that an attempt may take. */
  readonly maxMs: number;
  /** The largest file. */
  readonly maxBytes: number;
  /** Before the second attempt; doubled before each further one. */
  readonly retryMs: number;
}

/** Another instance has the job, or nobody can tell any more whether one has. */
class LeaseLost extends Error {}

/** What a store says when another attempt would meet the same. */
const FINAL: Readonly<Partial<Record<ObjectStoreError["failure"], ExportFailure>>> = {
  full: "storage_full",
  too_large: "file_too_large",
};

/** One attempt to write an export's file, under a lease. */
export class ExportAttempt {
  readonly #options: ExportAttemptOptions;
  readonly #lease: TenantExport;
  readonly #stopping: AbortSignal;
  readonly #lost = new AbortController();

  /** `stopping`: the process ends, and hands the job back. */
  constructor(options: ExportAttemptOptions, lease: TenantExport, stopping: AbortSignal) {
    this.#options = options;
    this.#lease = lease;
    this.#stopping = stopping;
  }

  /** Resolves when the job is somebody else's to go on with, or done; never rejects. */
  async run(): Promise<void> {
    const { logger } = this.#options;
    const { tenantId, job } = this.#lease;
    try {
      await this.#write();
    } catch (error) {
      const about = { err: error, tenantId, exportId: job.id, attempt: job.attempts };
      logger.warn(about, "an export's file could not be written");
      // Then the lease runs out.
      await this.#giveUp(error).catch((fault: unknown) =>
        logger.warn({ ...about, err: fault }, "an export could not be handed back"),
      );
    }
  }

  async #write(): Promise<void> {
    const { exports, source, store, maxBytes, maxMs } = this.#options;
    const { tenantId, job } = this.#lease;
    const signals = [this.#stopping, this.#lost.signal, AbortSignal.timeout(maxMs)];
    const signal = AbortSignal.any(signals);
    const key = exportKey(tenantId, job, job.epoch);
    const content = source.read(tenantId, job, signal);
    const heart = this.#beat(() => content.progress);
    try {
      const { bytes, sha256 } = await store.put(key, content, { maxBytes, signal });
      const { rows } = content.progress;
      const isOurs = await exports.finish(this.#lease, { rows, bytes, sha256 });
      await this.#remove(isOurs ? exportKeys(tenantId, job, job.epoch - 1) : [key]);
    } finally {
      clearInterval(heart);
    }
  }

  /** Renews the lease while the file is written; ends the attempt when that was not possible in time. */
  #beat(progress: () => Parameters<ExportRepository["renew"]>[1]): NodeJS.Timeout {
    const { exports, leaseMs, monotonicClock } = this.#options;
    let heldUntilMs = monotonicClock() + leaseMs;
    let isRenewing = false;
    const renew = async () => {
      if (isRenewing) return;
      isRenewing = true;
      const askedMs = monotonicClock();
      try {
        const isHeld = await exports.renew(this.#lease, progress(), leaseMs);
        if (isHeld) heldUntilMs = askedMs + leaseMs;
        else this.#lost.abort(new LeaseLost("another instance has the lease"));
      } catch (error) {
        this.#options.logger.warn({ err: error }, "an export's lease could not be renewed");
      } finally {
        isRenewing = false;
      }
      if (monotonicClock() >= heldUntilMs) this.#lost.abort(new LeaseLost("the lease ran out"));
    };
    return setInterval(() => void renew(), leaseMs / 3);
  }

  async #giveUp(error: unknown): Promise<void> {
    const { exports, retryMs } = this.#options;
    const { job } = this.#lease;
    if (this.#lost.signal.aborted) return;
    const failure = error instanceof ObjectStoreError ? FINAL[error.failure] : undefined;
    if (failure !== undefined) await exports.fail(this.#lease, failure);
    else if (this.#stopping.aborted) await exports.release(this.#lease);
    else await exports.retry(this.#lease, retryMs * 2 ** (job.attempts - 1));
  }

  /** What is left over is removed with the export, if not now. */
  async #remove(keys: readonly string[]): Promise<void> {
    const { store, logger } = this.#options;
    for (const key of keys) {
      await store.delete(key).catch((error: unknown) => {
        logger.warn({ err: error, key }, "a file that nobody needs could not be removed");
      });
    }
  }
}
