import type { RecordKey } from "../cutover/record-side.ts";
import type { StoreCutover } from "../cutover/store-cutover.ts";
import type { StoreGate } from "../cutover/store-gate.ts";
import type { StoreSide } from "../cutover/store-mode.ts";
import type {
  ExportAuditRecord,
  ExportFailure,
  ExportJob,
  ExportProgress,
  NewExportJob,
} from "../export/export-job.ts";
import type {
  ExportPageRequest,
  ExportRepository,
  TenantExport,
} from "../export/export-repository.ts";
import type { Effect } from "../idempotency/effect.ts";
import { runEffect } from "../idempotency-cutover/movable-effect.ts";
import { auditKey, type ExportRecord, jobKey } from "./export-records.ts";

export interface MovableExportOptions {
  sides: Readonly<Record<StoreSide, ExportRepository>>;
  cutover: StoreCutover<ExportRecord>;
  gate: StoreGate;
  /** Pending jobs that have begun so many attempts, as memory knows: a lease fails them on the way. */
  listExhausted: (maxAttempts: number) => readonly RecordKey[];
}

type LeaseRequest = Parameters<ExportRepository["lease"]>[0];

const NEWEST_RECORDS = 5;

/**
 * Exports in memory or in Postgres, as it is switched. The side that is read from decides; what it has
 * stored is copied to the other one before the call is over.
 */
export class MovableExportRepository implements ExportRepository {
  readonly #options: MovableExportOptions;

  constructor(options: MovableExportOptions) {
    this.#options = options;
  }

  create(tenantId: string, job: NewExportJob, maxPending: number, effect?: Effect<ExportJob>) {
    const { gate, cutover } = this.#options;
    return gate.run(async () => {
      const side = this.#deciding();
      const created = await runEffect(effect, cutover.side, (inner) =>
        side.create(tenantId, job, maxPending, inner),
      );
      await this.#copyAll(tenantId, job.id);
      return created;
    });
  }

  find(tenantId: string, id: string) {
    return this.#read((side) => side.find(tenantId, id));
  }

  list(tenantId: string, owner: string, page: ExportPageRequest) {
    return this.#read((side) => side.list(tenantId, owner, page));
  }

  recordDownload(tenantId: string, exportId: string, record: ExportAuditRecord) {
    return this.#change(
      (side) => side.recordDownload(tenantId, exportId, record),
      () => [auditKey(tenantId, exportId, record.id)],
    );
  }

  listAudit(tenantId: string, exportId: string, page: ExportPageRequest) {
    return this.#read((side) => side.listAudit(tenantId, exportId, page));
  }

  lease(request: LeaseRequest) {
    const { gate, cutover, listExhausted } = this.#options;
    return gate.run(async () => {
      const exhausted = cutover.isDual ? listExhausted(request.maxAttempts) : [];
      const leased = await this.#deciding().lease(request);
      await cutover.copy(leased === undefined ? exhausted : [...exhausted, keyOf(leased)]);
      return leased;
    });
  }

  renew(lease: TenantExport, progress: ExportProgress, leaseMs: number) {
    return this.#underLease(lease, (side) => side.renew(lease, progress, leaseMs));
  }

  finish(lease: TenantExport, file: { rows: number; bytes: number; sha256: string }) {
    return this.#underLease(lease, (side) => side.finish(lease, file));
  }

  fail(lease: TenantExport, failure: ExportFailure) {
    return this.#underLease(lease, (side) => side.fail(lease, failure));
  }

  retry(lease: TenantExport, delayMs: number) {
    return this.#underLease(lease, (side) => side.retry(lease, delayMs));
  }

  release(lease: TenantExport) {
    return this.#underLease(lease, (side) => side.release(lease));
  }

  listOverdue(limit: number) {
    return this.#read((side) => side.listOverdue(limit));
  }

  expire(tenantId: string, id: string, record: ExportAuditRecord) {
    return this.#change(
      (side) => side.expire(tenantId, id, record),
      () => [jobKey(tenantId, id), auditKey(tenantId, id, record.id)],
    );
  }

  count() {
    return this.#read((side) => side.count());
  }

  #deciding(): ExportRepository {
    const { sides, cutover } = this.#options;
    return sides[cutover.side];
  }

  #read<Result>(read: (side: ExportRepository) => Promise<Result>): Promise<Result> {
    return this.#options.gate.run(() => read(this.#deciding()));
  }

  #change<Result>(
    change: (side: ExportRepository) => Promise<Result>,
    keysOf: (result: Result) => readonly RecordKey[],
  ): Promise<Result> {
    const { gate, cutover } = this.#options;
    return gate.run(async () => {
      const result = await change(this.#deciding());
      if (cutover.isDual) await cutover.copy(keysOf(result));
      return result;
    });
  }

  #underLease(lease: TenantExport, change: (side: ExportRepository) => Promise<boolean>) {
    return this.#change(change, () => [keyOf(lease)]);
  }

  /** A job that was just made, with what is told of it. */
  async #copyAll(tenantId: string, id: string): Promise<void> {
    const { cutover } = this.#options;
    if (!cutover.isDual) return;
    const page = await this.#deciding().listAudit(tenantId, id, { limit: NEWEST_RECORDS });
    const records = page.records.map((record) => auditKey(tenantId, id, record.id));
    await cutover.copy([jobKey(tenantId, id), ...records]);
  }
}

const keyOf = ({ tenantId, job }: TenantExport) => jobKey(tenantId, job.id);
