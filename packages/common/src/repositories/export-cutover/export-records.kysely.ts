import { type Selectable, sql } from "kysely";
import {
  compareKeys,
  type KeyedRecord,
  keyText,
  type RecordKey,
  type RecordSide,
} from "../cutover/record-side.ts";
import type { OrreryDatabase, OrreryTransaction } from "../database.ts";
import type { ExportAuditRecord } from "../export/export-job.ts";
import { exportAuditRecordOf, exportAuditRow, exportJobOf } from "../export/export-rows.ts";
import type { ExportAuditTable, ExportJobsTable } from "../export/export-tables.ts";
import { withRole } from "../system-role.ts";
import {
  auditKey,
  auditPlace,
  type ExportJobRecord,
  type ExportRecord,
  isAudit,
  isJob,
  jobKey,
} from "./export-records.ts";

/** A job's row with its times as numbers: `-infinity` is no date. */
type JobRow = Selectable<ExportJobsTable> & { due_at_ms: number; lease_until_ms: number };

/** What was asked for never changes. */
const CHANGING = [
  "status",
  "failure",
  "attempts",
  "lease_epoch",
  "lease_owner",
  "lease_until",
  "due_at",
  "row_count",
  "byte_count",
  "estimated_row_count",
  "sha256",
  "finished_at",
];

/** The rows of exports in Postgres, as records. Nothing is ever deleted here. */
export class KyselyExportRecords implements RecordSide<ExportRecord> {
  readonly #database: OrreryDatabase;

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  async listKeys(after: RecordKey | undefined, limit: number): Promise<readonly RecordKey[]> {
    return this.#asMover(async (transaction) => {
      const jobs =
        after === undefined || after.kind === "job"
          ? await listJobs(transaction, after, limit)
          : [];
      if (jobs.length === limit) return jobs;
      const audit = after?.kind === "job-audit" ? after : undefined;
      return [...jobs, ...(await listAudit(transaction, audit, limit - jobs.length))];
    });
  }

  async read(keys: readonly RecordKey[]): Promise<readonly (ExportRecord | undefined)[]> {
    const found = new Map<string, ExportRecord>();
    await this.#asMover(async (transaction) => {
      for (const { key, record } of await readJobs(
        transaction,
        keys.filter(({ kind }) => kind === "job"),
      )) {
        found.set(keyText(key), record);
      }
      for (const { key, record } of await readAudit(
        transaction,
        keys.filter(({ kind }) => kind === "job-audit"),
      )) {
        found.set(keyText(key), record);
      }
    });
    return keys.map((key) => found.get(keyText(key)));
  }

  async write(records: readonly KeyedRecord<ExportRecord>[]): Promise<void> {
    const sorted = records.toSorted((a, b) => compareKeys(a.key, b.key));
    await this.#asMover(async (transaction) => {
      await writeJobs(transaction, sorted);
      await writeAudit(transaction, sorted);
    });
  }

  #asMover<Result>(work: (transaction: OrreryTransaction) => Promise<Result>) {
    return withRole(this.#database, "orrery_mover", work);
  }
}

async function listJobs(
  transaction: OrreryTransaction,
  after: RecordKey | undefined,
  limit: number,
): Promise<RecordKey[]> {
  const behind =
    after === undefined ? sql`true` : sql`(tenant_id, id) > (${after.tenantId}, ${after.id}::uuid)`;
  const { rows } = await sql<{ tenant_id: string; id: string }>`
    select tenant_id, id from export_jobs where ${behind} order by tenant_id, id limit ${limit}
  `.execute(transaction);
  return rows.map((row) => jobKey(row.tenant_id, row.id));
}

async function listAudit(
  transaction: OrreryTransaction,
  after: RecordKey | undefined,
  limit: number,
): Promise<RecordKey[]> {
  const place = after && auditPlace(after);
  const behind =
    place === undefined
      ? sql`true`
      : sql`(tenant_id, export_id, id)
        > (${after?.tenantId}, ${place.exportId}::uuid, ${place.recordId}::uuid)`;
  const { rows } = await sql<{ tenant_id: string; export_id: string; id: string }>`
    select tenant_id, export_id, id from export_audit where ${behind}
    order by tenant_id, export_id, id limit ${limit}
  `.execute(transaction);
  return rows.map((row) => auditKey(row.tenant_id, row.export_id, row.id));
}

async function readJobs(transaction: OrreryTransaction, keys: readonly RecordKey[]) {
  if (keys.length === 0) return [];
  const { rows } = await sql<JobRow>`
    select job.*, floor(extract(epoch from due_at) * 1000)::float8 as due_at_ms,
      floor(extract(epoch from lease_until) * 1000)::float8 as lease_until_ms
    from unnest(
      ${keys.map(({ tenantId }) => tenantId)}::text[], ${keys.map(({ id }) => id)}::uuid[]
    ) as given (tenant_id, id)
    join export_jobs job using (tenant_id, id)
  `.execute(transaction);
  return rows.map((row) => ({ key: jobKey(row.tenant_id, row.id), record: jobRecordOf(row) }));
}

function jobRecordOf(row: JobRow): ExportJobRecord {
  const leaseUntilMs = row.lease_until_ms;
  return {
    job: exportJobOf(row),
    dueAtMs: row.due_at_ms,
    ...(Number.isFinite(leaseUntilMs) && { leaseUntilMs }),
  };
}

async function readAudit(transaction: OrreryTransaction, keys: readonly RecordKey[]) {
  if (keys.length === 0) return [];
  const places = keys.map(auditPlace);
  const { rows } = await sql<Selectable<ExportAuditTable>>`
    select audit.* from unnest(
      ${keys.map(({ tenantId }) => tenantId)}::text[],
      ${places.map(({ exportId }) => exportId)}::uuid[],
      ${places.map(({ recordId }) => recordId)}::uuid[]
    ) as given (tenant_id, export_id, id)
    join export_audit audit using (tenant_id, export_id, id)
  `.execute(transaction);
  return rows.map((row) => ({
    key: auditKey(row.tenant_id, row.export_id, row.id),
    record: exportAuditRecordOf(row),
  }));
}

async function writeJobs(
  transaction: OrreryTransaction,
  records: readonly KeyedRecord<ExportRecord>[],
): Promise<void> {
  const rows = records.flatMap(({ key, record }) =>
    record !== undefined && isJob(record) ? [jobRowOf(key.tenantId, record)] : [],
  );
  if (rows.length === 0) return;
  const changes = CHANGING.map(
    (column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`,
  );
  await sql`
    insert into export_jobs
    select * from jsonb_populate_recordset(null::export_jobs, ${JSON.stringify(rows)}::jsonb)
    on conflict (tenant_id, id) do update set ${sql.join(changes)}
  `.execute(transaction);
}

/** As JSON, in the columns of the table. */
function jobRowOf(tenantId: string, { job, dueAtMs, leaseUntilMs }: ExportJobRecord): object {
  return {
    tenant_id: tenantId,
    id: job.id,
    owner: job.owner,
    kind: job.kind,
    format: job.format,
    from_at: job.from ?? null,
    to_at: job.to ?? null,
    status: job.status,
    failure: job.failure ?? null,
    attempts: job.attempts,
    lease_epoch: job.epoch,
    lease_owner: null,
    lease_until: leaseUntilMs === undefined ? "-infinity" : new Date(leaseUntilMs),
    due_at: new Date(dueAtMs),
    row_count: job.rows,
    byte_count: job.bytes,
    estimated_row_count: job.estimatedRows ?? null,
    sha256: job.sha256 ?? null,
    created_at: job.createdAt,
    finished_at: job.finishedAt ?? null,
    expires_at: job.expiresAt,
  };
}

async function writeAudit(
  transaction: OrreryTransaction,
  records: readonly KeyedRecord<ExportRecord>[],
): Promise<void> {
  const rows = records.flatMap(({ key, record }) =>
    record !== undefined && isAudit(record) ? [auditRowOf(key, record)] : [],
  );
  if (rows.length === 0) return;
  await transaction
    .insertInto("export_audit")
    .values(rows)
    .onConflict((conflict) => conflict.columns(["tenant_id", "export_id", "id"]).doNothing())
    .execute();
}

function auditRowOf(key: RecordKey, record: ExportAuditRecord) {
  return exportAuditRow(key.tenantId, auditPlace(key).exportId, record);
}
