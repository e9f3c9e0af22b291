import { KyselyRegisteredApiRepository } from "@orrery/common/repositories/registered-api/registered-api-repository.kysely";
import { KyselySettlementRepository } from "@orrery/common/repositories/settlement/settlement-repository.kysely";
import { KyselyStreamRepository } from "@orrery/common/repositories/stream/stream-repository.kysely";
import { KyselyUsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository.kysely";
import { KyselyUsageReports } from "@orrery/common/repositories/usage-report/usage-report.kysely";
import { KyselyVaultRepository } from "@orrery/common/repositories/vault/vault-repository.kysely";
import { OWN_ROW, suiteOf } from "./isolation-case.ts";
import { AT, IDS, markerOf, newStream, settling, usageEvent } from "./seed.ts";

const DUE = "the job finds what is due of every tenant, and works on it as that tenant";

export const BILLING_SUITES = [
  suiteOf<KyselyVaultRepository>({
    name: "KyselyVaultRepository",
    service: "billing",
    open: ({ kysely }) => new KyselyVaultRepository(kysely),
    cases: {
      put: {
        harmless: OWN_ROW,
        call: (vaults, tenantId) => vaults.put(tenantId, { userId: "ada", contractId: "C2" }, AT),
      },
      find: { call: (vaults, tenantId) => vaults.find(tenantId, "ada") },
    },
  }),
  suiteOf<KyselyRegisteredApiRepository>({
    name: "KyselyRegisteredApiRepository",
    service: "billing",
    open: ({ kysely }) => new KyselyRegisteredApiRepository(kysely),
    cases: {
      put: {
        harmless: OWN_ROW,
        call: (apis, tenantId) =>
          apis.put(tenantId, { apiId: "weather", name: "Other", payoutAddress: "G2" }, AT),
      },
      find: { call: (apis, tenantId) => apis.find(tenantId, "weather") },
    },
  }),
  suiteOf<KyselyUsageEventRepository>({
    name: "KyselyUsageEventRepository",
    service: "billing",
    open: (database) => new KyselyUsageEventRepository(database),
    cases: {
      accept: {
        call: (events, tenantId) =>
          events.accept(tenantId, usageEvent({ requestId: "new" }), markerOf(tenantId, "new")),
      },
      find: { call: (events, tenantId) => events.find(tenantId, "charged") },
      findWithHistory: { call: (events, tenantId) => events.findWithHistory(tenantId, "charged") },
      rearm: { call: (events, tenantId) => events.rearm(tenantId, "refused", AT) },
      listSettled: {
        call: (events, tenantId) => events.listSettled([{ tenantId, requestId: "charged" }]),
      },
      sumPending: { call: (events, tenantId) => events.sumPending(tenantId, "ada") },
      countPending: {
        acrossTenants: "the backlog is counted for every tenant at once",
        call: (events) => events.countPending([AT, AT]),
      },
    },
  }),
  suiteOf<KyselyUsageReports>({
    name: "KyselyUsageReports",
    service: "billing",
    open: ({ kysely }) => new KyselyUsageReports(kysely),
    cases: {
      list: { call: (reports, tenantId) => reports.list(tenantId, {}, { limit: 10 }) },
      summarise: {
        call: (reports, tenantId) => reports.summarise(tenantId, "user", {}, { limit: 10 }),
      },
    },
  }),
  suiteOf<KyselySettlementRepository>({
    name: "KyselySettlementRepository",
    service: "billing",
    open: (database) => new KyselySettlementRepository({ database, markerOf }),
    cases: {
      reserve: {
        call: (settlements, tenantId) =>
          settlements.reserve(tenantId, usageEvent({ requestId: "more", apiId: "metered" })),
      },
      storeBalance: {
        harmless: OWN_ROW,
        call: (settlements, tenantId) =>
          settlements.storeBalance(tenantId, "CVAULT", { balanceStroops: 2n, ledger: 2 }),
      },
      find: {
        call: (settlements, tenantId) => settlements.find(tenantId, IDS.settlement),
      },
      list: { call: (settlements, tenantId) => settlements.list(tenantId, {}, { limit: 10 }) },
      sumReserved: { call: (settlements, tenantId) => settlements.sumReserved(tenantId, "CVAULT") },
      closeDue: { acrossTenants: DUE, call: (settlements) => settlements.closeDue(10) },
      retryDue: { acrossTenants: DUE, call: (settlements) => settlements.retryDue(10) },
    },
  }),
  suiteOf<KyselyStreamRepository>({
    name: "KyselyStreamRepository",
    service: "billing",
    open: ({ kysely }) => new KyselyStreamRepository({ database: kysely }),
    cases: {
      create: {
        harmless: OWN_ROW,
        call: (streams, tenantId) => streams.create(tenantId, newStream("other")),
      },
      find: { call: (streams, tenantId) => streams.find(tenantId, "stream") },
      list: { call: (streams, tenantId) => streams.list(tenantId, {}, { limit: 10 }) },
      withLock: {
        call: (streams, tenantId) =>
          streams.withLock(tenantId, "stream", async ({ stream, findVault, save }) => {
            if (stream !== undefined) save(settling(stream));
            return [stream?.recipient, await findVault()];
          }),
      },
      listActivity: {
        call: (streams, tenantId) => streams.listActivity(tenantId, {}, { limit: 10 }),
      },
      listEndedCharges: {
        call: (streams, tenantId) =>
          streams.listEndedCharges([{ tenantId, intentId: IDS.streamCharge }]),
      },
      sumSettling: { call: (streams, tenantId) => streams.sumSettling(tenantId, "CVAULT") },
      countSettling: {
        acrossTenants: "the backlog is counted for every tenant at once",
        call: (streams) => streams.countSettling([AT, AT]),
      },
      listWithdrawing: { acrossTenants: DUE, call: (streams) => streams.listWithdrawing(10) },
      putUser: {
        harmless: OWN_ROW,
        call: (streams, tenantId) => streams.putUser(tenantId, { walletAddress: "GWALLET" }),
      },
      findUser: { call: (streams, tenantId) => streams.findUser(tenantId, "GWALLET") },
    },
  }),
];
