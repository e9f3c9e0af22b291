import type { Database } from "@orrery/common/repositories/database";
import type { NewExportJob } from "@orrery/common/repositories/export/export-job";
import { KyselyExportRepository } from "@orrery/common/repositories/export/export-repository.kysely";

/** Long after any run. */
const EXPIRES_AT = new Date("2199-03-01T12:00:00.000Z");

export function exportJob(id: string, createdAt: Date): NewExportJob {
  const terms = { owner: "key", kind: "usage", format: "csv" } as const;
  return { id, ...terms, createdAt, expiresAt: EXPIRES_AT };
}

/** One that has its file, and one that waits for it. */
export async function seedExports(
  { kysely }: Database,
  tenantId: string,
  seeds: { readonly readyId: string; readonly pendingId: string; readonly at: Date },
): Promise<void> {
  const exports = new KyselyExportRepository(kysely);
  await exports.create(tenantId, exportJob(seeds.readyId, seeds.at), 10);
  const lease = await exports.lease({ owner: "seed", leaseMs: 1_000, maxAttempts: 1 });
  if (lease === undefined) throw new Error("the export was just created");
  await exports.finish(lease, { rows: 1, bytes: 2, sha256: "ab".repeat(32) });
  await exports.create(tenantId, exportJob(seeds.pendingId, seeds.at), 10);
}
