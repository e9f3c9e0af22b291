import { databaseUrlOf } from "@orrery/common/config/service-variables";
import { systemClock } from "@orrery/common/contracts/clock";
import type { HealthCheck } from "@orrery/common/contracts/health";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { Health } from "@orrery/common/http/health";
import { httpCheck, sorobanRpcCheck } from "@orrery/common/http/health-checks";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { createLogger } from "@orrery/common/observability/logger";
import { createRegistry } from "@orrery/common/observability/metrics";
import { type Database, openDatabase } from "@orrery/common/repositories/database";
import { databaseCheck } from "@orrery/common/repositories/database-check";
import { assertMigrated } from "@orrery/common/repositories/migrations/migrate";
import { KyselyRegisteredApiRepository } from "@orrery/common/repositories/registered-api/registered-api-repository.kysely";
import { MemoryRegisteredApiRepository } from "@orrery/common/repositories/registered-api/registered-api-repository.memory";
import { applyResolutions } from "@orrery/common/repositories/settlement/settle-settlements.kysely";
import { KyselySettlementRepository } from "@orrery/common/repositories/settlement/settlement-repository.kysely";
import { MemorySettlementRepository } from "@orrery/common/repositories/settlement/settlement-repository.memory";
import { createKyselyJournal } from "@orrery/common/repositories/submission-journal/submission-journal.kysely";
import type { UsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository";
import { KyselyUsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository.kysely";
import { MemoryUsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository.memory";
import { KyselyUsageReports } from "@orrery/common/repositories/usage-report/usage-report.kysely";
import { MemoryUsageReports } from "@orrery/common/repositories/usage-report/usage-report.memory";
import { KyselyVaultRepository } from "@orrery/common/repositories/vault/vault-repository.kysely";
import { MemoryVaultRepository } from "@orrery/common/repositories/vault/vault-repository.memory";
import { deriveMarker } from "@orrery/soroban/intent/marker";
import { createMemoryJournal } from "@orrery/soroban/journal/submission-journal.memory";
import { Backlog } from "./admission/backlog.ts";
import { ApiService } from "./apis/api-service.ts";
import { buildApp } from "./app.ts";
import { BalanceService } from "./balances/balance-service.ts";
import { type Chain, type ChainSeams, connectChain, readNoBalance } from "./chain.ts";
import type { BillingConfig } from "./config.ts";
import { createDeductionMetrics, type DeductionMetrics } from "./deductions/deduction-metrics.ts";
import { DeductionService } from "./deductions/deduction-service.ts";
import { registerJournalMetrics } from "./deductions/journal-metrics.ts";
import { SettlementWaiter } from "./deductions/settlement-waiter.ts";
import { composeUpkeep } from "./reconciliation/compose.ts";
import { composeAggregation } from "./settlements/compose.ts";
import { UsageService } from "./usage/usage-service.ts";
import { VaultService } from "./vaults/vault-service.ts";

export interface Billing {
  readonly app: ServiceApp;
  readonly health: Health;
  /** Checks the schema, starts the engine. */
  readonly start: () => Promise<void>;
  /** Lets those who wait go, so that the listener can close. */
  readonly release: () => void;
  /** Stops the engine, hands back its leases and closes what was opened. */
  readonly stop: () => Promise<void>;
}

type Logger = ReturnType<typeof createLogger>;

/** How often an instance looks for what another one settled. */
const WAITER_POLL_MS = 250;

/** Wires billing: the only place that knows which adapters it runs on. */
export function compose(config: BillingConfig, seams: ChainSeams = {}): Billing {
  const logger = createLogger("billing", config.LOG_LEVEL);
  const registry = createRegistry();
  const database = openConfiguredDatabase(config, logger);
  const markerOf = settlementMarker(config);
  const { vaults, apis, events, reports, settlements, journal } =
    database === undefined ? memoryStores(markerOf) : kyselyStores(database, markerOf);
  const chain = connectChain(config, journal, logger, seams);
  const waiter = createWaiter(events, logger);
  const backlog = createBacklog(config, events, logger);
  const metrics = createDeductionMetrics(registry);
  registerJournalMetrics(registry, journal, systemClock);
  const wake = () => chain?.engine.wake();
  const readBalance = chain?.readBalance ?? readNoBalance;
  const aggregation = composeAggregation({ settlements, readBalance, wake, registry, logger });
  if (chain !== undefined) tellOfResolutions(chain, metrics, waiter);
  chain?.engine.onResolution(aggregation.resolved);
  const upkeep = composeUpkeep({ config, database, rpc: chain?.rpc, registry, logger });
  const health = new Health(healthChecks(config, database), config.APP_VERSION);
  const vaultService = new VaultService(vaults, systemClock);
  const app = buildApp({
    logLevel: config.LOG_LEVEL,
    health,
    registry,
    isMetricsServed: config.METRICS_ENABLED,
    contextKeys: parseContextKeys(config.CONTEXT_SIGNING_KEYS),
    clock: systemClock,
    vaults: vaultService,
    apis: new ApiService(apis, systemClock),
    balances: new BalanceService({ vaults: vaultService, events, settlements, readBalance }),
    deductions: new DeductionService({
      events,
      waiter,
      backlog,
      reservations: aggregation.reservations,
      wake,
      networkPassphrase: config.NETWORK_PASSPHRASE,
      clock: systemClock,
      metrics,
    }),
    usage: new UsageService(reports),
    settlements: aggregation.service,
    deductionMetrics: metrics,
  });
  return {
    app,
    health,
    start: async () => {
      if (database !== undefined) await assertMigrated(database);
      await backlog.start();
      health.markStarted();
      chain?.engine.start();
      aggregation.start();
      upkeep.start();
    },
    release: () => waiter.close(),
    stop: async () => {
      backlog.stop();
      await aggregation.stop();
      await chain?.engine.stop({ graceMs: config.SHUTDOWN_GRACE_MS / 2 });
      await upkeep.stop();
      await database?.close();
    },
  };
}

function openConfiguredDatabase(config: BillingConfig, logger: Logger): Database | undefined {
  const url = databaseUrlOf(config);
  if (url === undefined) return undefined;
  return openDatabase({
    url,
    poolSize: config.DB_POOL_SIZE,
    applicationName: "orrery-billing",
    onIdleError: (error) => logger.warn({ err: error }, "a database connection broke"),
  });
}

function tellOfResolutions(
  { engine }: Chain,
  metrics: DeductionMetrics,
  waiter: SettlementWaiter,
): void {
  engine.onResolution(({ kind, state }) => {
    if (kind === "settlement") return;
    if (state !== "unknown") metrics.resolved(state === "confirmed" ? "confirmed" : "failed");
    void waiter.look();
  });
}

function createWaiter(events: UsageEventRepository, logger: Logger): SettlementWaiter {
  return new SettlementWaiter({
    events,
    pollMs: WAITER_POLL_MS,
    onPollError: (error) => logger.warn({ err: error }, "could not look for settled requests"),
  });
}

function createBacklog(
  config: BillingConfig,
  events: UsageEventRepository,
  logger: Logger,
): Backlog {
  return new Backlog({
    events,
    limits: {
      maxPendingPerTenant: config.BACKLOG_MAX_PER_TENANT,
      maxWaitSeconds: config.BACKLOG_MAX_WAIT_S,
    },
    clock: systemClock,
    onRefreshError: (error) => logger.warn({ err: error }, "could not count what is pending"),
  });
}

type MarkerOf = (tenantId: string, settlementId: string) => string;

function settlementMarker({ NETWORK_PASSPHRASE }: BillingConfig): MarkerOf {
  return (tenantId, id) => deriveMarker(NETWORK_PASSPHRASE, "settlement", tenantId, id);
}

function memoryStores(markerOf: MarkerOf) {
  const vaults = new MemoryVaultRepository();
  const apis = new MemoryRegisteredApiRepository();
  const journal = createMemoryJournal({
    onResolved: (_transaction, resolutions) => {
      events.settle(resolutions);
      settlements.settle(resolutions);
    },
  });
  const events = new MemoryUsageEventRepository(vaults, apis, journal);
  const parties = { vaults, apis, events, journal };
  const settlements = new MemorySettlementRepository({ ...parties, markerOf });
  return { ...parties, reports: new MemoryUsageReports(events), settlements };
}

function kyselyStores(database: Database, markerOf: MarkerOf) {
  const { kysely } = database;
  return {
    vaults: new KyselyVaultRepository(kysely),
    apis: new KyselyRegisteredApiRepository(kysely),
    events: new KyselyUsageEventRepository(database),
    reports: new KyselyUsageReports(kysely),
    settlements: new KyselySettlementRepository({ database, markerOf }),
    journal: createKyselyJournal({ database: kysely, onResolved: applyResolutions }),
  };
}

function healthChecks(config: BillingConfig, database: Database | undefined): HealthCheck[] {
  const checks: HealthCheck[] = [];
  if (database !== undefined) {
    checks.push(databaseCheck(database.pool, config.HEALTH_DB_TIMEOUT_MS));
  }
  if (config.SOROBAN_RPC_ENABLED && config.SOROBAN_RPC_URL !== undefined) {
    checks.push(sorobanRpcCheck(config.SOROBAN_RPC_URL, config.SOROBAN_RPC_TIMEOUT_MS));
  }
  if (config.HORIZON_ENABLED && config.HORIZON_URL !== undefined) {
    checks.push(httpCheck("horizon", config.HORIZON_URL, config.HORIZON_TIMEOUT_MS));
  }
  return checks;
}
