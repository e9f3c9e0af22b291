import { type Clock, systemClock } from "../../contracts/clock.ts";
import type { TimePosition } from "../../contracts/keyset-page.ts";
import { TenantMap } from "../tenant-map.memory.ts";
import {
  type ExportAuditRecord,
  type ExportFailure,
  type ExportJob,
  type ExportProgress,
  exportBacklogFull,
  type NewExportJob,
  requestedRecord,
} from "./export-job.ts";
import type {
  ExportAuditPage,
  ExportCounts,
  ExportPage,
  ExportPageRequest,
  ExportRepository,
  TenantExport,
} from "./export-repository.ts";

export interface StoredExport {
  readonly job: ExportJob;
  readonly dueAtMs: number;
  readonly leaseUntilMs: number;
  readonly audit: readonly ExportAuditRecord[];
}

/** A place in a list by time, equal times by id, compared byte by byte as UUIDs of one case are. */
const keyOf = ({ at, id }: TimePosition) => `${at.toISOString()}|${id}`;
const jobKey = ({ createdAt, id }: ExportJob) => keyOf({ at: createdAt, id });
const recordKey = ({ recordedAt, id }: ExportAuditRecord) => keyOf({ at: recordedAt, id });

/** Exports of one process, forgotten with it. */
export class MemoryExportRepository implements ExportRepository {
  readonly #stored = new TenantMap<StoredExport>();
  readonly #clock: Clock;

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  /** The rows themselves, for whoever copies them to another store. */
  get rows() {
    return this.#stored;
  }

  async create(tenantId: string, wanted: NewExportJob, maxPending: number): Promise<ExportJob> {
    const pending = this.#stored.values(tenantId).filter(({ job }) => job.status === "pending");
    if (pending.length >= maxPending) throw exportBacklogFull();
    const job: ExportJob = {
      ...wanted,
      status: "pending",
      attempts: 0,
      epoch: 0,
      rows: 0,
      bytes: 0,
    };
    this.#stored.set(tenantId, job.id, {
      job,
      dueAtMs: job.createdAt.getTime(),
      leaseUntilMs: Number.NEGATIVE_INFINITY,
      audit: [requestedRecord(job)],
    });
    return job;
  }

  async find(tenantId: string, id: string): Promise<ExportJob | undefined> {
    return this.#stored.get(tenantId, id)?.job;
  }

  async list(
    tenantId: string,
    owner: string,
    { limit, after }: ExportPageRequest,
  ): Promise<ExportPage> {
    const owned = this.#stored
      .values(tenantId)
      .map(({ job }) => job)
      .filter((job) => job.owner === owner)
      .toSorted((a, b) => (jobKey(a) < jobKey(b) ? 1 : -1));
    const rest = owned.filter((job) => after === undefined || jobKey(job) < keyOf(after));
    return { jobs: rest.slice(0, limit), hasNext: rest.length > limit, total: owned.length };
  }

  async recordDownload(
    tenantId: string,
    exportId: string,
    record: ExportAuditRecord,
  ): Promise<void> {
    this.#append(tenantId, exportId, record);
  }

  async listAudit(
    tenantId: string,
    exportId: string,
    { limit, after }: ExportPageRequest,
  ): Promise<ExportAuditPage> {
    const told = (this.#stored.get(tenantId, exportId)?.audit ?? []).toSorted((a, b) =>
      recordKey(a) < recordKey(b) ? -1 : 1,
    );
    const rest = told.filter((record) => after === undefined || recordKey(record) > keyOf(after));
    return { records: rest.slice(0, limit), hasNext: rest.length > limit, total: told.length };
  }

  async lease({
    leaseMs,
    maxAttempts,
  }: {
    readonly leaseMs: number;
    readonly maxAttempts: number;
  }): Promise<TenantExport | undefined> {
    const nowMs = this.#clock();
    for (const { tenantId, stored } of this.#free(nowMs)) {
      if (stored.job.attempts < maxAttempts) continue;
      this.#change(tenantId, stored, {
        status: "failed",
        failure: "attempts_exhausted",
        finishedAt: new Date(nowMs),
      });
    }
    const [next] = this.#free(nowMs)
      .filter(({ stored }) => stored.dueAtMs <= nowMs && stored.job.expiresAt.getTime() > nowMs)
      .toSorted(
        (a, b) =>
          this.#running(a.tenantId, nowMs) - this.#running(b.tenantId, nowMs) ||
          a.stored.dueAtMs - b.stored.dueAtMs ||
          (a.stored.job.id < b.stored.job.id ? -1 : 1),
      );
    if (next === undefined) return undefined;
    const { job } = next.stored;
    const taken = { attempts: job.attempts + 1, epoch: job.epoch + 1, rows: 0, bytes: 0 };
    const stored = { ...next.stored, leaseUntilMs: nowMs + leaseMs };
    return { tenantId: next.tenantId, job: this.#change(next.tenantId, stored, taken) };
  }

  async renew(lease: TenantExport, progress: ExportProgress, leaseMs: number): Promise<boolean> {
    return this.#underLease(lease, progress, { leaseUntilMs: this.#clock() + leaseMs });
  }

  async finish(
    lease: TenantExport,
    file: { readonly rows: number; readonly bytes: number; readonly sha256: string },
  ): Promise<boolean> {
    return this.#underLease(lease, { ...file, status: "ready", finishedAt: this.#now() });
  }

  async fail(lease: TenantExport, failure: ExportFailure): Promise<boolean> {
    return this.#underLease(lease, { status: "failed", failure, finishedAt: this.#now() });
  }

  async retry(lease: TenantExport, delayMs: number): Promise<boolean> {
    return this.#underLease(lease, { rows: 0, bytes: 0 }, { dueAtMs: this.#clock() + delayMs });
  }

  async release(lease: TenantExport): Promise<boolean> {
    return this.#underLease(lease, { attempts: lease.job.attempts - 1, rows: 0, bytes: 0 });
  }

  async listOverdue(limit: number): Promise<readonly TenantExport[]> {
    const now = this.#now();
    return this.#all()
      .filter(({ stored: { job } }) => job.status !== "expired" && job.expiresAt <= now)
      .toSorted((a, b) => a.stored.job.expiresAt.getTime() - b.stored.job.expiresAt.getTime())
      .slice(0, limit)
      .map(({ tenantId, stored: { job } }) => ({ tenantId, job }));
  }

  async expire(tenantId: string, id: string, record: ExportAuditRecord): Promise<boolean> {
    const stored = this.#stored.get(tenantId, id);
    if (stored === undefined || stored.job.status === "expired") return false;
    if (stored.job.expiresAt > this.#now()) return false;
    this.#change(
      tenantId,
      { ...stored, leaseUntilMs: Number.NEGATIVE_INFINITY },
      { status: "expired" },
    );
    this.#append(tenantId, id, record);
    return true;
  }

  async count(): Promise<ExportCounts> {
    const nowMs = this.#clock();
    const kept = this.#all().filter(({ stored: { job } }) => job.expiresAt.getTime() > nowMs);
    const isRunning = ({ leaseUntilMs }: StoredExport) => leaseUntilMs > nowMs;
    const pending = kept.filter(({ stored }) => stored.job.status === "pending");
    const running = pending.filter(({ stored }) => isRunning(stored)).length;
    const countOf = (status: ExportJob["status"]) =>
      kept.filter(({ stored }) => stored.job.status === status).length;
    return {
      pending: pending.length - running,
      running,
      ready: countOf("ready"),
      failed: countOf("failed"),
    };
  }

  #all() {
    return this.#stored
      .tenantIds()
      .flatMap((tenantId) => this.#stored.values(tenantId).map((stored) => ({ tenantId, stored })));
  }

  /** What nobody has the lease of. */
  #free(nowMs: number) {
    return this.#all().filter(
      ({ stored }) => stored.job.status === "pending" && stored.leaseUntilMs <= nowMs,
    );
  }

  #running(tenantId: string, nowMs: number): number {
    return this.#stored
      .values(tenantId)
      .filter(({ job, leaseUntilMs }) => job.status === "pending" && leaseUntilMs > nowMs).length;
  }

  #underLease(
    lease: TenantExport,
    changes: Partial<ExportJob>,
    times: Partial<Pick<StoredExport, "dueAtMs" | "leaseUntilMs">> = {},
  ): boolean {
    const stored = this.#stored.get(lease.tenantId, lease.job.id);
    if (stored?.job.status !== "pending" || stored.job.epoch !== lease.job.epoch) return false;
    const freed = { ...stored, leaseUntilMs: Number.NEGATIVE_INFINITY, ...times };
    this.#change(lease.tenantId, freed, changes);
    return true;
  }

  #change(tenantId: string, stored: StoredExport, changes: Partial<ExportJob>): ExportJob {
    const job = { ...stored.job, ...changes };
    this.#stored.set(tenantId, job.id, { ...stored, job });
    return job;
  }

  #append(tenantId: string, exportId: string, record: ExportAuditRecord): void {
    const stored = this.#stored.get(tenantId, exportId);
    if (stored === undefined) throw new Error(`there is no export ${exportId}`);
    this.#stored.set(tenantId, exportId, { ...stored, audit: [...stored.audit, record] });
  }

  #now(): Date {
    return new Date(this.#clock());
  }
}
