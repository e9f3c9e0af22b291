import { KyselyChargeRecordRepository } from "@orrery/common/repositories/reconciliation/charge-record-repository.kysely";
import { KyselyOperatorRepository } from "@orrery/common/repositories/reconciliation/operator-repository.kysely";
import { KyselyReconciliationStateRepository } from "@orrery/common/repositories/reconciliation/reconciliation-state-repository.kysely";
import { applyResolutions } from "@orrery/common/repositories/settlement/settle-settlements.kysely";
import { KyselySubmissionArchiveRepository } from "@orrery/common/repositories/submission-archive/submission-archive-repository.kysely";
import { suiteOf } from "./isolation-case.ts";
import { AT, IDS, VICTIM } from "./seed.ts";

const ARCHIVED = "the archiver moves what is settled, whoever's it is";
const RECONCILED = "rows and chain are compared for all tenants";
const OPERATED = "an operator looks after all tenants";
const OPERATORS = "an operator does it, with a login of their own";

const lease = { epoch: 1n };
const action = { operator: "grace", evidence: "seen", auditId: IDS.reserved, at: AT };
const unknown = { tenantId: VICTIM, kind: "deduct", subjectId: "unknown" } as const;
const vault = { vaultContractId: "CVAULT", fromLedger: 1, toLedger: 99, limit: 10 };
const difference = { kind: "amount_differs", vaultContractId: "C", ledger: 1, detail: "" } as const;

export const PLATFORM_SUITES = [
  suiteOf<KyselySubmissionArchiveRepository>({
    name: "KyselySubmissionArchiveRepository",
    service: "billing",
    open: ({ kysely }) => new KyselySubmissionArchiveRepository(kysely),
    cases: {
      archive: {
        acrossTenants: ARCHIVED,
        call: (archive) => archive.archive({ endedBeforeMs: AT.getTime(), limit: 10 }),
      },
    },
  }),
  suiteOf<KyselyChargeRecordRepository>({
    name: "KyselyChargeRecordRepository",
    service: "billing",
    open: ({ kysely }) => new KyselyChargeRecordRepository(kysely),
    cases: {
      listVaults: { acrossTenants: RECONCILED, call: (records) => records.listVaults("", 10) },
      listCharged: { acrossTenants: RECONCILED, call: (records) => records.listCharged(vault) },
      listByMarker: {
        acrossTenants: RECONCILED,
        call: (records) => records.listByMarker(["victim/charged"]),
      },
    },
  }),
  suiteOf<KyselyReconciliationStateRepository>({
    name: "KyselyReconciliationStateRepository",
    service: "billing",
    open: ({ kysely }) => new KyselyReconciliationStateRepository(kysely),
    cases: {
      lease: { acrossTenants: RECONCILED, call: (state) => state.lease("owner", 1_000) },
      advance: { acrossTenants: RECONCILED, call: (state) => state.advance(lease, 2, 1_000) },
      release: { acrossTenants: RECONCILED, call: (state) => state.release(lease) },
      findNextLedger: { acrossTenants: RECONCILED, call: (state) => state.findNextLedger() },
      note: { acrossTenants: RECONCILED, call: (state) => state.note([difference], AT) },
      listOpen: { acrossTenants: RECONCILED, call: (state) => state.listOpen(undefined, 10) },
      settle: { acrossTenants: RECONCILED, call: (state) => state.settle([IDS.difference], AT) },
      countOpen: { acrossTenants: RECONCILED, call: (state) => state.countOpen() },
    },
  }),
  suiteOf<KyselyOperatorRepository>({
    name: "KyselyOperatorRepository",
    service: "billing",
    open: ({ kysely }) =>
      new KyselyOperatorRepository({ database: kysely, onResolved: applyResolutions }),
    cases: {
      listUnknown: {
        acrossTenants: OPERATED,
        doneBy: OPERATORS,
        call: (operator) => operator.listUnknown(undefined, 10),
      },
      findUnknown: {
        acrossTenants: OPERATED,
        doneBy: OPERATORS,
        call: (operator) => operator.findUnknown(unknown),
      },
      resolveUnknown: {
        acrossTenants: OPERATED,
        doneBy: OPERATORS,
        call: (operator) => operator.resolveUnknown(unknown, { state: "failed" }, action),
      },
      closeDifference: {
        acrossTenants: OPERATED,
        doneBy: OPERATORS,
        call: (operator) => operator.closeDifference(IDS.difference, action),
      },
    },
  }),
];
