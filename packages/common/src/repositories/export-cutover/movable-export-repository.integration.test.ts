import { useTestDatabase } from "../../testing/contract-database.ts";
import { dualCutover, expectEqualSides } from "../cutover/in-dual-mode.contract.ts";
import type { StoreSide } from "../cutover/store-mode.ts";
import {
  describeExportRepository,
  type MakeExportRepository,
} from "../export/export-repository.contract.ts";
import { KyselyExportRepository } from "../export/export-repository.kysely.ts";
import { MemoryExportRepository } from "../export/export-repository.memory.ts";
import { KyselyExportRecords } from "./export-records.kysely.ts";
import { MemoryExportRecords } from "./export-records.memory.ts";
import { type ExportRecord, jobKey } from "./export-records.ts";
import { MovableExportRepository } from "./movable-export-repository.ts";

const test = useTestDatabase();
let dual: ReturnType<typeof dualCutover<ExportRecord>> | undefined;
expectEqualSides(() => dual);

const makeReading =
  (reads: StoreSide): MakeExportRepository =>
  async (clock) => {
    await test.empty();
    const { kysely } = test.login("billing");
    const memory = new MemoryExportRepository(clock);
    const { rows } = memory;
    dual = dualCutover<ExportRecord>("export", reads, {
      memory: new MemoryExportRecords(rows),
      postgres: new KyselyExportRecords(kysely),
    });
    const { gate, cutover } = dual;
    return new MovableExportRepository({
      sides: { memory, postgres: new KyselyExportRepository(kysely, clock) },
      cutover,
      gate,
      listExhausted: (maxAttempts) =>
        rows.tenantIds().flatMap((tenantId) =>
          rows
            .values(tenantId)
            .filter(({ job }) => job.status === "pending" && job.attempts >= maxAttempts)
            .map(({ job }) => jobKey(tenantId, job.id)),
        ),
    });
  };

for (const reads of ["memory", "postgres"] as const) {
  describeExportRepository(`both, reading ${reads}`, makeReading(reads));
}
