import { type RawBuilder, type Selectable, sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import type { TimePosition } from "../../contracts/keyset-page.ts";
import {
  type OrreryDatabase,
  type OrreryTransaction,
  withTenant,
  withTenantEffect,
} from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import type { Effect } from "../idempotency/effect.ts";
import { withRole } from "../system-role.ts";
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
import { exportAuditRecordOf, exportAuditRow, exportJobOf, newExportRow } from "./export-rows.ts";
import type { ExportJobsTable } from "./export-tables.ts";

export class KyselyExportRepository implements ExportRepository {
  readonly #database: OrreryDatabase;
  readonly #clock: Clock | undefined;

  /** `clock`: left out, the database's own decides about leases and retention. */
  constructor(database: OrreryDatabase, clock?: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async create(
    tenantId: string,
    job: NewExportJob,
    maxPending: number,
    effect?: Effect<ExportJob>,
  ): Promise<ExportJob> {
    return withTenantEffect(this.#database, tenantId, effect, async (transaction) => {
      await assertRoom(transaction, tenantId, maxPending);
      const row = await transaction
        .insertInto("export_jobs")
        .values(newExportRow(tenantId, job))
        .returningAll()
        .executeTakeFirstOrThrow();
      await appendAudit(transaction, tenantId, job.id, requestedRecord(job));
      return exportJobOf(row);
    });
  }

  async find(tenantId: string, id: string): Promise<ExportJob | undefined> {
    const row = await withTenant(this.#database, tenantId, (transaction) =>
      transaction
        .selectFrom("export_jobs")
        .selectAll()
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .executeTakeFirst(),
    );
    return row === undefined ? undefined : exportJobOf(row);
  }

  async list(
    tenantId: string,
    owner: string,
    { limit, after }: ExportPageRequest,
  ): Promise<ExportPage> {
    return withTenant(this.#database, tenantId, async (transaction) => {
      const owned = transaction
        .selectFrom("export_jobs")
        .where("tenant_id", "=", tenantId)
        .where("owner", "=", owner);
      const rows = await owned
        .selectAll()
        .$if(after !== undefined, (page) =>
          page.where(sql<boolean>`(created_at, id) < ${keyOf(after)}`),
        )
        .orderBy("created_at", "desc")
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      const { total } = await owned
        .select((eb) => eb.fn.countAll<string>().as("total"))
        .executeTakeFirstOrThrow();
      const jobs = rows.slice(0, limit).map(exportJobOf);
      return { jobs, hasNext: rows.length > limit, total: Number(total) };
    });
  }

  async recordDownload(
    tenantId: string,
    exportId: string,
    record: ExportAuditRecord,
  ): Promise<void> {
    await withTenant(this.#database, tenantId, (transaction) =>
      appendAudit(transaction, tenantId, exportId, record),
    );
  }

  async listAudit(
    tenantId: string,
    exportId: string,
    { limit, after }: ExportPageRequest,
  ): Promise<ExportAuditPage> {
    return withTenant(this.#database, tenantId, async (transaction) => {
      const told = transaction
        .selectFrom("export_audit")
        .where("tenant_id", "=", tenantId)
        .where("export_id", "=", exportId);
      const rows = await told
        .selectAll()
        .$if(after !== undefined, (page) =>
          page.where(sql<boolean>`(recorded_at, id) > ${keyOf(after)}`),
        )
        .orderBy("recorded_at")
        .orderBy("id")
        .limit(limit + 1)
        .execute();
      const { total } = await told
        .select((eb) => eb.fn.countAll<string>().as("total"))
        .executeTakeFirstOrThrow();
      const records = rows.slice(0, limit).map(exportAuditRecordOf);
      return { records, hasNext: rows.length > limit, total: Number(total) };
    });
  }

  async lease(request: {
    readonly owner: string;
    readonly leaseMs: number;
    readonly maxAttempts: number;
  }): Promise<TenantExport | undefined> {
    const now = this.#now();
    const { rows } = await this.#asExporter((transaction) =>
      sql<Selectable<ExportJobsTable>>`
        with exhausted as (
          update export_jobs
          set status = 'failed', failure = 'attempts_exhausted', finished_at = ${now}
          where status = 'pending' and attempts >= ${request.maxAttempts} and lease_until <= ${now}
        ),
        due as (
          select tenant_id, id from export_jobs waiting
          where status = 'pending' and attempts < ${request.maxAttempts}
            and due_at <= ${now} and lease_until <= ${now} and expires_at > ${now}
          order by (
            select count(*) from export_jobs running
            where running.tenant_id = waiting.tenant_id and running.status = 'pending'
              and running.lease_until > ${now}
          ), due_at, id
          limit 1 for update skip locked
        )
        update export_jobs job set
          attempts = job.attempts + 1, lease_epoch = job.lease_epoch + 1,
          lease_owner = ${request.owner}, lease_until = ${this.#in(request.leaseMs)},
          row_count = 0, byte_count = 0
        from due where job.tenant_id = due.tenant_id and job.id = due.id
        returning job.*
      `.execute(transaction),
    );
    const [row] = rows;
    return row === undefined ? undefined : tenantExportOf(row);
  }

  async renew(lease: TenantExport, progress: ExportProgress, leaseMs: number): Promise<boolean> {
    const { rows, bytes, estimatedRows = null } = progress;
    return this.#underLease(
      lease,
      sql`lease_until = ${this.#in(leaseMs)}, row_count = ${rows}, byte_count = ${bytes},
        estimated_row_count = ${estimatedRows}`,
    );
  }

  async finish(
    lease: TenantExport,
    file: { readonly rows: number; readonly bytes: number; readonly sha256: string },
  ): Promise<boolean> {
    return this.#underLease(
      lease,
      sql`status = 'ready', row_count = ${file.rows}, byte_count = ${file.bytes},
        sha256 = ${file.sha256}, finished_at = ${this.#now()}, lease_until = '-infinity'`,
    );
  }

  async fail(lease: TenantExport, failure: ExportFailure): Promise<boolean> {
    return this.#underLease(
      lease,
      sql`status = 'failed', failure = ${failure}, finished_at = ${this.#now()},
        lease_until = '-infinity'`,
    );
  }

  async retry(lease: TenantExport, delayMs: number): Promise<boolean> {
    return this.#underLease(
      lease,
      sql`due_at = ${this.#in(delayMs)}, lease_until = '-infinity', row_count = 0, byte_count = 0`,
    );
  }

  async release(lease: TenantExport): Promise<boolean> {
    return this.#underLease(
      lease,
      sql`attempts = attempts - 1, lease_until = '-infinity', row_count = 0, byte_count = 0`,
    );
  }

  async listOverdue(limit: number): Promise<readonly TenantExport[]> {
    const rows = await this.#asExporter((transaction) =>
      transaction
        .selectFrom("export_jobs")
        .selectAll()
        .where("status", "!=", sql.lit("expired" as const))
        .where("expires_at", "<=", this.#now())
        .orderBy("expires_at")
        .limit(limit)
        .execute(),
    );
    return rows.map(tenantExportOf);
  }

  async expire(tenantId: string, id: string, record: ExportAuditRecord): Promise<boolean> {
    return this.#asExporter(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable("export_jobs")
        .set({ status: "expired", lease_until: sql<Date>`'-infinity'` })
        .where("tenant_id", "=", tenantId)
        .where("id", "=", id)
        .where("status", "!=", "expired")
        .where("expires_at", "<=", this.#now())
        .executeTakeFirst();
      if (numUpdatedRows === 0n) return false;
      await appendAudit(transaction, tenantId, id, record);
      return true;
    });
  }

  async count(): Promise<ExportCounts> {
    const now = this.#now();
    const { rows } = await this.#asExporter((transaction) =>
      sql<Record<keyof ExportCounts, string>>`
        select
          count(*) filter (where status = 'pending' and lease_until <= ${now}) as pending,
          count(*) filter (where status = 'pending' and lease_until > ${now}) as running,
          count(*) filter (where status = 'ready') as ready,
          count(*) filter (where status = 'failed') as failed
        from export_jobs where status <> 'expired' and expires_at > ${now}
      `.execute(transaction),
    );
    const { pending = 0, running = 0, ready = 0, failed = 0 } = rows[0] ?? {};
    return {
      pending: Number(pending),
      running: Number(running),
      ready: Number(ready),
      failed: Number(failed),
    };
  }

  /** Whether the lease is still the latest of a pending job, which was changed then. */
  async #underLease(
    { tenantId, job }: TenantExport,
    changes: RawBuilder<unknown>,
  ): Promise<boolean> {
    const { numAffectedRows } = await this.#asExporter((transaction) =>
      sql`
        update export_jobs set ${changes}
        where tenant_id = ${tenantId} and id = ${job.id}
          and status = 'pending' and lease_epoch = ${job.epoch}
      `.execute(transaction),
    );
    return numAffectedRows === 1n;
  }

  #asExporter<Result>(work: (transaction: OrreryTransaction) => Promise<Result>) {
    return withRole(this.#database, "orrery_exporter", work);
  }

  #now(): RawBuilder<Date> {
    return databaseNow(this.#clock);
  }

  #in(ms: number): RawBuilder<Date> {
    return sql<Date>`${this.#now()} + ${ms} * interval '1 millisecond'`;
  }
}

/** Who creates at once takes turns, so that the bound holds. */
async function assertRoom(
  transaction: OrreryTransaction,
  tenantId: string,
  maxPending: number,
): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hashtextextended(${`exports of ${tenantId}`}, 0))
  `.execute(transaction);
  const { pending } = await transaction
    .selectFrom("export_jobs")
    .select((eb) => eb.fn.countAll<string>().as("pending"))
    .where("tenant_id", "=", tenantId)
    .where("status", "=", sql.lit("pending" as const))
    .executeTakeFirstOrThrow();
  if (Number(pending) >= maxPending) throw exportBacklogFull();
}

async function appendAudit(
  transaction: OrreryTransaction,
  tenantId: string,
  exportId: string,
  record: ExportAuditRecord,
): Promise<void> {
  await transaction
    .insertInto("export_audit")
    .values(exportAuditRow(tenantId, exportId, record))
    .execute();
}

function keyOf(position: TimePosition | undefined): RawBuilder<unknown> {
  return sql`(${position?.at.toISOString()}::timestamptz, ${position?.id}::uuid)`;
}

function tenantExportOf(row: Selectable<ExportJobsTable>): TenantExport {
  return { tenantId: row.tenant_id, job: exportJobOf(row) };
}
