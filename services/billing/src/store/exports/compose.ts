import { StoreCutover } from "@orrery/common/repositories/cutover/store-cutover";
import type { Database } from "@orrery/common/repositories/database";
import { KyselyExportRepository } from "@orrery/common/repositories/export/export-repository.kysely";
import { MemoryExportRepository } from "@orrery/common/repositories/export/export-repository.memory";
import { createExportProbes } from "@orrery/common/repositories/export-cutover/export-probes";
import {
  type ExportRecord,
  jobKey,
} from "@orrery/common/repositories/export-cutover/export-records";
import { KyselyExportRecords } from "@orrery/common/repositories/export-cutover/export-records.kysely";
import { MemoryExportRecords } from "@orrery/common/repositories/export-cutover/export-records.memory";
import { MovableExportRepository } from "@orrery/common/repositories/export-cutover/movable-export-repository";
import type { ExportSource } from "@orrery/common/repositories/export-source/export-source";
import {
  MemoryExportSource,
  type MemoryExportSourceOptions,
} from "@orrery/common/repositories/export-source/export-source.memory";
import { type SharedTerms, termsOf } from "../cutover-terms.ts";

/** Exports that can be moved. */
export function composeMovableExports({ kysely }: Database, terms: SharedTerms) {
  const memory = new MemoryExportRepository();
  const sides = { memory, postgres: new KyselyExportRepository(kysely) };
  const { rows } = memory;
  const { gate } = terms;
  const listJobs = () =>
    rows
      .tenantIds()
      .flatMap((tenantId) => rows.values(tenantId).map(({ job }) => ({ tenantId, job })));
  const cutover = new StoreCutover<ExportRecord>({
    ...termsOf("export", terms),
    sides: { memory: new MemoryExportRecords(rows), postgres: new KyselyExportRecords(kysely) },
    probes: createExportProbes({
      sides,
      gate,
      owners: () => {
        const owners = listJobs().map(({ tenantId, job: { owner } }) => ({ tenantId, owner }));
        return [...new Map(owners.map((owner) => [JSON.stringify(owner), owner])).values()];
      },
    }),
  });
  const exports = new MovableExportRepository({
    sides,
    cutover,
    gate,
    listExhausted: (maxAttempts) =>
      listJobs()
        .filter(({ job }) => job.status === "pending" && job.attempts >= maxAttempts)
        .map(({ tenantId, job }) => jobKey(tenantId, job.id)),
  });
  return { exports, cutover };
}

/** Streams are exported from where they are read; usage is in Postgres. */
export function movableSource(
  postgres: ExportSource,
  streams: MemoryExportSourceOptions["streams"],
  isInMemory: () => boolean,
): ExportSource {
  const memory = new MemoryExportSource({ events: { values: () => [] }, streams });
  return {
    read: (tenantId, request, signal) => {
      const source = isInMemory() && request.kind !== "usage" ? memory : postgres;
      return source.read(tenantId, request, signal);
    },
  };
}
