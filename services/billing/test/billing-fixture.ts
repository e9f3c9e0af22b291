import { randomBytes } from "node:crypto";
import { ProblemError } from "@orrery/common/contracts/errors";
import { uuidv7 } from "@orrery/common/contracts/id";
import type { Scope } from "@orrery/common/contracts/scope";
import { Health } from "@orrery/common/http/health";
import { CONTEXT_HEADER, signContext } from "@orrery/common/http/signed-context";
import { createRegistry } from "@orrery/common/observability/metrics";
import { MemoryRegisteredApiRepository } from "@orrery/common/repositories/registered-api/registered-api-repository.memory";
import { MemorySettlementRepository } from "@orrery/common/repositories/settlement/settlement-repository.memory";
import { MemoryUsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository.memory";
import { MemoryUsageReports } from "@orrery/common/repositories/usage-report/usage-report.memory";
import { MemoryVaultRepository } from "@orrery/common/repositories/vault/vault-repository.memory";
import { settleIntent } from "@orrery/common/testing/settle-intent";
import { deriveMarker } from "@orrery/soroban/intent/marker";
import type { Outcome } from "@orrery/soroban/journal/submission-journal";
import { createMemoryJournal } from "@orrery/soroban/journal/submission-journal.memory";
import { Backlog } from "../src/admission/backlog.ts";
import { ApiService } from "../src/apis/api-service.ts";
import { buildApp } from "../src/app.ts";
import { BalanceService } from "../src/balances/balance-service.ts";
import { createDeductionMetrics } from "../src/deductions/deduction-metrics.ts";
import { DeductionService } from "../src/deductions/deduction-service.ts";
import { SettlementWaiter } from "../src/deductions/settlement-waiter.ts";
import { ApiModes } from "../src/settlements/api-modes.ts";
import { ReservationService } from "../src/settlements/reservation-service.ts";
import { SettlementService } from "../src/settlements/settlement-service.ts";
import { VaultReadings } from "../src/settlements/vault-readings.ts";
import { UsageService } from "../src/usage/usage-service.ts";
import { VaultService } from "../src/vaults/vault-service.ts";

/** Two valid addresses of each kind. */
export const CONTRACTS = [
  "CA3D5KRYM6CB7OWQ6TWYRR3Z4T7GNZLKERYNZGGA5SOAOPIFY6YQGAXE",
  "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC",
] as const;
export const ACCOUNTS = [
  "GAAZI4TCR3TY5OJHCTJC2A4QSY6CJWJH5IAJTGKIN2ER7LBNVKOCCWN7",
  "GBRPYHIL2CI3FNQ4BXLFMNDLFJUNPU2HY3ZMFSHONUCEOASW7QC7OX2H",
] as const;

interface CallOptions {
  tenantId?: string;
  scopes?: readonly Scope[];
  headers?: Record<string, string>;
}

/** Billing over memory adapters: the chain answers when the test says so. */
export async function createBillingFixture({ maxPendingPerTenant = 1_000 } = {}) {
  const key = { keyId: "k", secret: randomBytes(32) };
  const health = new Health([], "test");
  health.markStarted();
  const registry = createRegistry();
  const deductionMetrics = createDeductionMetrics(registry);
  const vaults = new MemoryVaultRepository();
  const apis = new MemoryRegisteredApiRepository();
  const journal = createMemoryJournal({
    onResolved: (_transaction, resolutions) => {
      events.settle(resolutions);
      settlements.settle(resolutions);
    },
  });
  const events = new MemoryUsageEventRepository(vaults, apis, journal);
  const settlements = new MemorySettlementRepository({
    vaults,
    apis,
    events,
    journal,
    markerOf: (tenantId, id) => deriveMarker("Test", "settlement", tenantId, id),
  });
  const pollErrors: unknown[] = [];
  const waiter = new SettlementWaiter({
    events,
    pollMs: 5,
    onPollError: (error) => pollErrors.push(error),
  });
  const backlog = new Backlog({
    events,
    limits: { maxPendingPerTenant, maxWaitSeconds: 600 },
    clock: Date.now,
    onRefreshError: (error) => pollErrors.push(error),
  });
  let wakes = 0;
  const onChain = new Map<string, bigint>();
  const readBalance = async (contractId: string) => {
    const balanceStroops = onChain.get(contractId);
    if (balanceStroops === undefined) {
      throw new ProblemError("soroban_unavailable", "The chain cannot be read now.");
    }
    return { balanceStroops, ledger: 7 };
  };
  const readings = new VaultReadings({
    readBalance,
    store: (...reading) => settlements.storeBalance(...reading),
    onBackgroundError: (error) => pollErrors.push(error),
  });
  const modes = new ApiModes(Date.now);
  const deductions = new DeductionService({
    events,
    reservations: new ReservationService({ settlements, readings, modes }),
    waiter,
    backlog,
    wake: () => {
      wakes += 1;
    },
    networkPassphrase: "Test",
    clock: Date.now,
    metrics: deductionMetrics,
  });
  const vaultService = new VaultService(vaults, Date.now);
  const balances = new BalanceService({
    vaults: vaultService,
    events,
    settlements,
    readBalance,
  });
  const app = buildApp({
    logLevel: "silent",
    health,
    registry,
    isMetricsServed: true,
    contextKeys: [key],
    clock: Date.now,
    vaults: vaultService,
    apis: new ApiService(apis, Date.now),
    balances,
    deductions,
    usage: new UsageService(new MemoryUsageReports(events)),
    settlements: new SettlementService(settlements),
    deductionMetrics,
  });
  await app.ready();

  const call = (
    method: "GET" | "POST" | "PUT",
    path: string,
    payload?: unknown,
    options: CallOptions = {},
  ) => {
    const scopes = options.scopes ?? ["billing:read", "billing:write"];
    const context = { tenantId: options.tenantId ?? "acme", principal: "key:1", scopes };
    return app.inject({
      method,
      url: `/api/v1${path}`,
      headers: { [CONTEXT_HEADER]: signContext(context, "billing", key), ...options.headers },
      ...(payload === undefined ? {} : { payload: payload as object }),
    });
  };

  let settled = 0;
  /** Ends a request as the chain would, each a minute on, so that every back-off is over. */
  const settle = async (requestId: string, outcome: Outcome, tenantId = "acme") => {
    const event = await events.find(tenantId, requestId);
    settled += 1;
    await settleIntent(journal, event?.id ?? uuidv7(), outcome, Date.now() + settled * 60_000);
  };

  const close = async () => {
    waiter.close();
    await app.close();
  };
  return {
    app,
    call,
    settle,
    close,
    waiter,
    backlog,
    journal,
    events,
    settlements,
    onChain,
    pollErrors,
    wakes: () => wakes,
  };
}

export type BillingFixture = Awaited<ReturnType<typeof createBillingFixture>>;

export const DEDUCT = {
  requestId: "req-1",
  userId: "ada",
  apiId: "weather",
  endpointId: "forecast",
  apiKeyId: "key-1",
  amountUsdc: "1.5",
} as const;
