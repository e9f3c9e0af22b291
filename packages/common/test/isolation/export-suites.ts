import { uuidv7 } from "@orrery/common/contracts/id";
import type { ExportAuditRecord } from "@orrery/common/repositories/export/export-job";
import type {
  ExportRepository,
  TenantExport,
} from "@orrery/common/repositories/export/export-repository";
import { KyselyExportRepository } from "@orrery/common/repositories/export/export-repository.kysely";
import { KyselyExportSource } from "@orrery/common/repositories/export-source/export-source.kysely";
import { suiteOf } from "./isolation-case.ts";
import { AT, IDS } from "./seed.ts";
import { exportJob } from "./seed-exports.ts";

const WORKED_ON = "the worker writes every tenant's files, and ends their retention";
const OF_ITS_EXPORT = "a record is of an export of its own tenant: its key says so";

const LEASE = { owner: "instance", leaseMs: 1_000, maxAttempts: 3 };
const PROGRESS = { rows: 1, bytes: 2 };
const FILE = { ...PROGRESS, sha256: "cd".repeat(32) };

function recordOf(event: ExportAuditRecord["event"]): ExportAuditRecord {
  return { id: uuidv7(), event, actor: "link", details: {}, recordedAt: AT };
}

/** Of the seed's job that waits; it is nobody's. */
async function leased(exports: ExportRepository, tenantId: string): Promise<TenantExport> {
  const job = await exports.find(tenantId, IDS.pendingExport);
  if (job === undefined) throw new Error("the seed has such an export");
  return { tenantId, job };
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const piece of content) text += Buffer.from(piece).toString();
  return text;
}

export const EXPORT_SUITES = [
  suiteOf<KyselyExportRepository>({
    name: "KyselyExportRepository",
    service: "billing",
    open: ({ kysely }) => new KyselyExportRepository(kysely),
    cases: {
      create: { call: (exports, tenantId) => exports.create(tenantId, exportJob(uuidv7(), AT), 1) },
      find: { call: (exports, tenantId) => exports.find(tenantId, IDS.export) },
      list: { call: (exports, tenantId) => exports.list(tenantId, "key", { limit: 10 }) },
      recordDownload: {
        harmless: OF_ITS_EXPORT,
        call: (exports, tenantId) =>
          exports.recordDownload(tenantId, IDS.export, recordOf("export.downloaded")),
      },
      listAudit: {
        call: (exports, tenantId) => exports.listAudit(tenantId, IDS.export, { limit: 10 }),
      },
      lease: { acrossTenants: WORKED_ON, call: (exports) => exports.lease(LEASE) },
      renew: {
        acrossTenants: WORKED_ON,
        call: async (exports, tenantId) =>
          exports.renew(await leased(exports, tenantId), PROGRESS, 1_000),
      },
      finish: {
        acrossTenants: WORKED_ON,
        call: async (exports, tenantId) => exports.finish(await leased(exports, tenantId), FILE),
      },
      fail: {
        acrossTenants: WORKED_ON,
        call: async (exports, tenantId) =>
          exports.fail(await leased(exports, tenantId), "storage_full"),
      },
      retry: {
        acrossTenants: WORKED_ON,
        call: async (exports, tenantId) => exports.retry(await leased(exports, tenantId), 1_000),
      },
      release: {
        acrossTenants: WORKED_ON,
        call: async (exports, tenantId) => exports.release(await leased(exports, tenantId)),
      },
      listOverdue: { acrossTenants: WORKED_ON, call: (exports) => exports.listOverdue(10) },
      expire: {
        acrossTenants: WORKED_ON,
        call: (exports, tenantId) =>
          exports.expire(tenantId, IDS.export, recordOf("export.expired")),
      },
      count: { acrossTenants: WORKED_ON, call: (exports) => exports.count() },
    },
  }),
  suiteOf<KyselyExportSource>({
    name: "KyselyExportSource",
    service: "billing",
    open: (database) => new KyselyExportSource({ database, maxMs: 60_000 }),
    cases: {
      read: {
        call: (source, tenantId) => {
          const { signal } = new AbortController();
          return textOf(source.read(tenantId, { kind: "usage", format: "csv" }, signal));
        },
      },
    },
  }),
];
