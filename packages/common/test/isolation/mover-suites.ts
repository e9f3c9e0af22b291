import { KyselyExportRecords } from "@orrery/common/repositories/export-cutover/export-records.kysely";
import { KyselyIdempotencyRecords } from "@orrery/common/repositories/idempotency-cutover/idempotency-records.kysely";
import { KyselyStoreModeRepository } from "@orrery/common/repositories/store-mode/store-mode-repository.kysely";
import { streamKey } from "@orrery/common/repositories/stream-cutover/stream-records";
import { KyselyStreamRecords } from "@orrery/common/repositories/stream-cutover/stream-records.kysely";
import { suiteOf } from "./isolation-case.ts";
import { AT, VICTIM } from "./seed.ts";

const MOVED = "the mover copies the records of every tenant";
const key = { ...streamKey(VICTIM, "stream"), kind: "none" };

/** Lists, reads and writes records of every tenant. */
const recordCases = {
  listKeys: {
    acrossTenants: MOVED,
    call: (records: Pick<KyselyStreamRecords, "listKeys">) => records.listKeys(undefined, 10),
  },
  read: {
    acrossTenants: MOVED,
    call: (records: Pick<KyselyStreamRecords, "read">) => records.read([key]),
  },
  write: {
    acrossTenants: MOVED,
    call: (records: Pick<KyselyStreamRecords, "write">) =>
      records.write([{ key, record: undefined }]),
  },
};

export const MOVER_SUITES = [
  suiteOf<KyselyStreamRecords>({
    name: "KyselyStreamRecords",
    service: "billing",
    open: ({ kysely }) => new KyselyStreamRecords(kysely),
    cases: recordCases,
  }),
  suiteOf<KyselyIdempotencyRecords>({
    name: "KyselyIdempotencyRecords",
    service: "billing",
    open: ({ kysely }) => new KyselyIdempotencyRecords(kysely, () => AT.getTime()),
    cases: {
      listKeys: recordCases.listKeys,
      read: { acrossTenants: MOVED, call: (records) => records.read([key]) },
      write: {
        acrossTenants: MOVED,
        call: (records) => records.write([{ key, record: undefined }]),
      },
    },
  }),
  suiteOf<KyselyExportRecords>({
    name: "KyselyExportRecords",
    service: "billing",
    open: ({ kysely }) => new KyselyExportRecords(kysely),
    cases: {
      listKeys: recordCases.listKeys,
      read: { acrossTenants: MOVED, call: (records) => records.read([key]) },
      write: {
        acrossTenants: MOVED,
        call: (records) => records.write([{ key, record: undefined }]),
      },
    },
  }),
  suiteOf<KyselyStoreModeRepository>({
    name: "KyselyStoreModeRepository",
    service: "billing",
    open: ({ kysely }) => new KyselyStoreModeRepository(kysely),
    cases: {
      find: { acrossTenants: MOVED, call: (modes) => modes.find("stream") },
      put: {
        acrossTenants: MOVED,
        call: (modes) => modes.put("stream", { mode: "dual", reads: "memory" }),
      },
    },
  }),
];
