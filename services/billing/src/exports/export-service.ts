import type { Readable } from "node:stream";
import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import { isUuid, uuidv7 } from "@orrery/common/contracts/id";
import { type ObjectStore, ObjectStoreError } from "@orrery/common/object-store/object-store";
import {
  type ExportFormat,
  type ExportJob,
  type ExportKind,
  statusAt,
} from "@orrery/common/repositories/export/export-job";
import type {
  ExportAuditPage,
  ExportPage,
  ExportPageRequest,
  ExportRepository,
} from "@orrery/common/repositories/export/export-repository";
import type { Effect } from "@orrery/common/repositories/idempotency/effect";
import { exportKey } from "./export-files.ts";
import type { ExportLink, ExportLinks } from "./export-links.ts";

export interface ExportServiceOptions {
  readonly exports: ExportRepository;
  readonly store: Pick<ObjectStore, "read">;
  readonly links: ExportLinks;
  readonly clock: Clock;
  /** How long an export is kept, from when it was asked for. */
  readonly retentionMs: number;
  /** Exports of a tenant that may wait at a time. */
  readonly maxPending: number;
  /** Tells the workers that there is something to write. */
  readonly wake: () => void;
}

/** Who asks: exports belong to one principal of a tenant. */
export interface ExportOwner {
  readonly tenantId: string;
  readonly principal: string;
}

/** What a consumer asks for. */
export interface WantedExport {
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  readonly from?: Date;
  readonly to?: Date;
}

/** A file that a link opens. */
export interface OpenedExport {
  readonly tenantId: string;
  readonly job: ExportJob & { readonly sha256: string };
}

export class ExportService {
  readonly #options: ExportServiceOptions;

  constructor(options: ExportServiceOptions) {
    this.#options = options;
  }

  /** @throws {ProblemError} backlog_full: nothing was stored */
  async create(
    { tenantId, principal }: ExportOwner,
    wanted: WantedExport,
    effect?: Effect<ExportJob>,
  ): Promise<ExportJob> {
    const { exports, clock, retentionMs, maxPending, wake } = this.#options;
    const nowMs = clock();
    const job = await exports.create(
      tenantId,
      {
        ...wanted,
        id: uuidv7(nowMs),
        owner: principal,
        createdAt: new Date(nowMs),
        expiresAt: new Date(nowMs + retentionMs),
      },
      maxPending,
      effect,
    );
    wake();
    return job;
  }

  /** @throws {ProblemError} export_not_found, export_expired */
  async get(owner: ExportOwner, id: string): Promise<ExportJob> {
    const job = await this.#find(owner, id);
    if (statusAt(job, this.#now()) === "expired") throw expired();
    return job;
  }

  /** Newest first, with those that are past their retention. */
  async list({ tenantId, principal }: ExportOwner, page: ExportPageRequest): Promise<ExportPage> {
    const now = this.#now();
    const listed = await this.#options.exports.list(tenantId, principal, page);
    return { ...listed, jobs: listed.jobs.map((job) => ({ ...job, status: statusAt(job, now) })) };
  }

  /** Oldest first; also of an export that is past its retention. @throws {ProblemError} export_not_found */
  async listAudit(
    owner: ExportOwner,
    id: string,
    page: ExportPageRequest,
  ): Promise<ExportAuditPage> {
    await this.#find(owner, id);
    return this.#options.exports.listAudit(owner.tenantId, id, page);
  }

  /** A new link to the file; undefined while there is none. */
  linkTo(tenantId: string, job: ExportJob): ExportLink | undefined {
    return job.status === "ready" ? this.#options.links.linkTo(tenantId, job) : undefined;
  }

  /**
   * What a signed link opens.
   * @throws {ProblemError} export_url_invalid, export_url_expired, export_not_found, export_expired,
   *   export_not_ready
   */
  async open(id: string, query: { expires?: string; sig?: string }): Promise<OpenedExport> {
    const { exports, links } = this.#options;
    const tenantId = links.tenantOf(id, query);
    const job = isUuid(id) ? await exports.find(tenantId, id) : undefined;
    if (job === undefined) throw notFound();
    if (statusAt(job, this.#now()) === "expired") throw expired();
    const { sha256 } = job;
    if (job.status !== "ready" || sha256 === undefined) throw notReady(job);
    return { tenantId, job: { ...job, sha256 } };
  }

  /**
   * The file, or the part of it from `first` to `last`, once it is on record that it was given.
   * @throws {ProblemError} service_unavailable
   */
  async read(
    { tenantId, job }: OpenedExport,
    range: { readonly first: number; readonly last: number } | undefined,
    requestId: string,
  ): Promise<Readable> {
    const content = await this.#readFile(tenantId, job, range);
    const nowMs = this.#options.clock();
    const details = range === undefined ? {} : { range: `${range.first}-${range.last}` };
    try {
      await this.#options.exports.recordDownload(tenantId, job.id, {
        id: uuidv7(nowMs),
        event: "export.downloaded",
        actor: "link",
        details: { requestId, ...details },
        recordedAt: new Date(nowMs),
      });
    } catch (error) {
      content.destroy();
      throw error;
    }
    return content;
  }

  async #readFile(
    tenantId: string,
    job: ExportJob,
    range: { readonly first: number; readonly last: number } | undefined,
  ): Promise<Readable> {
    const key = exportKey(tenantId, job, job.epoch);
    try {
      const content = await this.#options.store.read(key, range);
      if (content !== undefined) return content;
    } catch (error) {
      if (!(error instanceof ObjectStoreError)) throw error;
      throw unreadable(error);
    }
    throw unreadable(new Error(`there is no object ${key}`));
  }

  /** @throws {ProblemError} export_not_found, also for another owner's */
  async #find({ tenantId, principal }: ExportOwner, id: string): Promise<ExportJob> {
    const job = isUuid(id) ? await this.#options.exports.find(tenantId, id) : undefined;
    if (job?.owner === principal) return job;
    throw notFound();
  }

  #now(): Date {
    return new Date(this.#options.clock());
  }
}

function notFound(): ProblemError {
  return new ProblemError("export_not_found", "There is no export with this id.");
}

function expired(): ProblemError {
  return new ProblemError("export_expired", "Its retention is over; create another export.");
}

function notReady({ status }: ExportJob): ProblemError {
  if (status === "failed") return new ProblemError("export_not_ready", "The export has failed.");
  return new ProblemError("export_not_ready", "The file is being written.", {
    headers: { "retry-after": "1" },
  });
}

function unreadable(cause: Error): ProblemError {
  return new ProblemError("service_unavailable", "The file cannot be read now.", {
    headers: { "retry-after": "1" },
    cause,
  });
}
