import type { TimePosition } from "../../contracts/keyset-page.ts";
import type { Effect } from "../idempotency/effect.ts";
import type {
  ExportAuditRecord,
  ExportFailure,
  ExportJob,
  ExportProgress,
  NewExportJob,
} from "./export-job.ts";

/** A job with whose it is; as a lease, the right to write its file until another instance has it. */
export interface TenantExport {
  readonly tenantId: string;
  /** As of the lease, whose epoch it has. */
  readonly job: ExportJob;
}

export interface ExportPageRequest {
  readonly limit: number;
  /** After this position in the order of the list. */
  readonly after?: TimePosition;
}

export interface ExportPage {
  readonly jobs: readonly ExportJob[];
  readonly hasNext: boolean;
  /** Of the whole list. */
  readonly total: number;
}

export interface ExportAuditPage {
  readonly records: readonly ExportAuditRecord[];
  readonly hasNext: boolean;
  readonly total: number;
}

/** Jobs by what becomes of them; `running` are those that somebody has a lease of. */
export interface ExportCounts {
  readonly pending: number;
  readonly running: number;
  readonly ready: number;
  readonly failed: number;
}

/**
 * Export jobs with an append-only audit. A job is worked on under a lease: the methods that take one
 * change nothing and give false once another instance has the job, or it is past its retention.
 */
export interface ExportRepository {
  /**
   * Stores a pending job with its `export.requested`.
   * @throws {ProblemError} backlog_full, when the tenant has `maxPending` pending jobs already
   */
  create(
    tenantId: string,
    job: NewExportJob,
    maxPending: number,
    effect?: Effect<ExportJob>,
  ): Promise<ExportJob>;

  /** Whoever asked for it. */
  find(tenantId: string, id: string): Promise<ExportJob | undefined>;

  /** Those of one owner, newest first by (createdAt, id). */
  list(tenantId: string, owner: string, page: ExportPageRequest): Promise<ExportPage>;

  /** Appends an `export.downloaded`. */
  recordDownload(tenantId: string, exportId: string, record: ExportAuditRecord): Promise<void>;

  /** What happened to an export, oldest first by (recordedAt, id). */
  listAudit(tenantId: string, exportId: string, page: ExportPageRequest): Promise<ExportAuditPage>;

  /**
   * Takes the lease of a pending job of any tenant that nobody has the lease of: the one that has
   * waited longest, of a tenant that has the fewest at work. One that has used up `maxAttempts` fails
   * instead. Undefined: there is nothing to do now.
   */
  lease(request: {
    readonly owner: string;
    readonly leaseMs: number;
    readonly maxAttempts: number;
  }): Promise<TenantExport | undefined>;

  /** Prolongs the lease and stores how far the attempt has come. */
  renew(lease: TenantExport, progress: ExportProgress, leaseMs: number): Promise<boolean>;

  /** The file is there: the job is `ready`. */
  finish(
    lease: TenantExport,
    file: { readonly rows: number; readonly bytes: number; readonly sha256: string },
  ): Promise<boolean>;

  /** There will be no file: the job is `failed`. */
  fail(lease: TenantExport, failure: ExportFailure): Promise<boolean>;

  /** Hands the lease back, for another attempt after `delayMs`. */
  retry(lease: TenantExport, delayMs: number): Promise<boolean>;

  /** Hands the lease back as if the attempt had not been made. */
  release(lease: TenantExport): Promise<boolean>;

  /** Jobs of any tenant that are past their retention and not marked so, the oldest first. */
  listOverdue(limit: number): Promise<readonly TenantExport[]>;

  /** Marks a job as `expired` with its `export.expired`, once; false when it is so already. */
  expire(tenantId: string, id: string, record: ExportAuditRecord): Promise<boolean>;

  /** Over all tenants, without those that are past their retention. */
  count(): Promise<ExportCounts>;
}
