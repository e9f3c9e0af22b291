import { databaseUrlOf } from "@orrery/common/config/service-variables";
import { systemClock } from "@orrery/common/contracts/clock";
import type { HealthCheck } from "@orrery/common/contracts/health";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { Health } from "@orrery/common/http/health";
import { httpCheck, sorobanRpcCheck } from "@orrery/common/http/health-checks";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { outsideRequest } from "@orrery/common/observability/database/query-tally";
import { createLogger } from "@orrery/common/observability/logger";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import { Observation } from "@orrery/common/observability/observation";
import {
  type Database,
  type DatabaseOptions,
  openDatabase,
} from "@orrery/common/repositories/database";
import { databaseCheck } from "@orrery/common/repositories/database-check";
import { assertRestrictedLogin } from "@orrery/common/repositories/database-login";
import { composeIdempotency } from "@orrery/common/repositories/idempotency/compose";
import { composeMemoryStores } from "@orrery/common/repositories/memory/compose";
import { assertMigrated } from "@orrery/common/repositories/migrations/migrate";
import { KyselyRegisteredApiRepository } from "@orrery/common/repositories/registered-api/registered-api-repository.kysely";
import { KyselySettlementRepository } from "@orrery/common/repositories/settlement/settlement-repository.kysely";
import type { StreamRepository } from "@orrery/common/repositories/stream/stream-repository";
import type { UsageEvent } from "@orrery/common/repositories/usage-event/usage-event";
import type { UsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository";
import { KyselyUsageEventRepository } from "@orrery/common/repositories/usage-event/usage-event-repository.kysely";
import { KyselyUsageReports } from "@orrery/common/repositories/usage-report/usage-report.kysely";
import { KyselyVaultRepository } from "@orrery/common/repositories/vault/vault-repository.kysely";
import { deriveMarker } from "@orrery/soroban/intent/marker";
import { ActivityService } from "./activity/activity-service.ts";
import { Backlog } from "./admission/backlog.ts";
import { ApiService } from "./apis/api-service.ts";
import { buildApp } from "./app.ts";
import { BalanceService } from "./balances/balance-service.ts";
import { type Chain, type ChainSeams, connectChain, readNoBalance } from "./chain.ts";
import type { BillingConfig } from "./config.ts";
import { createDeductionMetrics, type DeductionMetrics } from "./deductions/deduction-metrics.ts";
import { DeductionService } from "./deductions/deduction-service.ts";
import { createDeductionWaiter } from "./deductions/deduction-waiter.ts";
import { registerJournalMetrics } from "./deductions/journal-metrics.ts";
import type { SettlementWaiter } from "./deductions/settlement-waiter.ts";
import { composeExports, type ExportSeams } from "./exports/compose.ts";
import { composeUpkeep } from "./reconciliation/compose.ts";
import { composeAggregation } from "./settlements/compose.ts";
import { composeStore, type StoreOptions } from "./store/compose.ts";
import { StoreService } from "./store/store-service.ts";
import { composeStreams } from "./streams/compose.ts";
import { UsageService } from "./usage/usage-service.ts";
import { UserService } from "./users/user-service.ts";
import { VaultService } from "./vaults/vault-service.ts";

export interface Billing {
  readonly app: ServiceApp;
  readonly health: Health;
  readonly observation: Observation;
  /** Checks the schema, starts the engine. */
  readonly start: () => Promise<void>;
  /** Lets those who wait go, so that the listener can close. */
  readonly release: () => void;
  /** Stops the engine, hands back its leases and closes what was opened. */
  readonly stop: () => Promise<void>;
}

type Logger = ReturnType<typeof createLogger>;

/** Connections of the submission engine, beside those of requests. */
const ENGINE_POOL_SIZE = 5;
/** How often an instance looks for what another one settled. */
const WAITER_POLL_MS = 250;

/** What a test puts between billing and the world. */
export interface BillingSeams extends ChainSeams {
  readonly exports?: ExportSeams;
}

/** Wires billing: the only place that knows which adapters it runs on. */
export function compose(config: BillingConfig, seams: BillingSeams = {}): Billing {
  const parts = composeParts(config, seams);
  return {
    app: buildApp(appOptions(config, parts)),
    health: parts.health,
    observation: parts.observation,
    start: () => start(config, parts),
    release: () => {
      parts.waiter.close();
      parts.streaming.release();
    },
    stop: () => stop(config, parts),
  };
}

type Parts = ReturnType<typeof composeParts>;

function composeParts(config: BillingConfig, seams: BillingSeams) {
  const logger = createLogger("billing", config.LOG_LEVEL);
  const observation = new Observation(config, (fields, text) => logger.warn(fields, text));
  const { registry } = observation;
  const { database, engineDatabase } = openDatabases(config, logger, observation);
  const { vaults, apis, events, reports, settlements, streams, journal, exported, store } =
    openStores({ config, database, engineDatabase, registry, logger });
  const chain = connectChain(config, { journal, registry, logger }, seams);
  const waiter = createWaiter(events, logger);
  const backlog = createBacklog(config, { events, streams }, logger);
  const metrics = createDeductionMetrics(registry);
  registerJournalMetrics(registry, journal, systemClock);
  // The engine's work is no request's, whichever woke it.
  const wake = () => outsideRequest(() => chain?.engine.wake());
  const readBalance = chain?.readBalance ?? readNoBalance;
  const aggregation = composeAggregation({ settlements, readBalance, wake, registry, logger });
  const streaming = composeStreams({
    config,
    streams,
    backlog,
    readTransaction: chain && ((hash) => chain.rpc.getTransaction(hash)),
    wake,
    pollMs: WAITER_POLL_MS,
    registry,
    logger,
  });
  const idempotency = composeIdempotency({
    database,
    store: store?.idempotency,
    onError: (error) => logger.warn({ err: error }, "could not delete old idempotency keys"),
  });
  const exporting = composeExports({
    config,
    database,
    openDatabase: (options) =>
      openConfiguredDatabase(config, logger, {
        ...options,
        observer: observation.backgroundPool("exports"),
      }),
    memory: exported,
    movable: store,
    registry,
    logger,
    ...(seams.exports && { seams: seams.exports }),
  });
  if (chain !== undefined) tellOfResolutions(chain, metrics, waiter);
  chain?.engine.onResolution(aggregation.resolved);
  chain?.engine.onResolution(streaming.resolved);
  const upkeep = composeUpkeep({ config, database, rpc: chain?.rpc, registry, logger });
  const health = new Health(healthChecks(config, database), config.APP_VERSION);
  return {
    logger,
    observation,
    database,
    engineDatabase,
    repositories: { vaults, apis, events, reports, settlements, streams },
    store,
    chain,
    waiter,
    backlog,
    metrics,
    wake,
    readBalance,
    aggregation,
    streaming,
    idempotency,
    exporting,
    upkeep,
    health,
  };
}

/** The repositories on Postgres where there is one, in this process's memory else. */
function openStores(options: {
  config: BillingConfig;
  database: Database | undefined;
  engineDatabase: Database | undefined;
  registry: MetricsRegistry;
  logger: Logger;
}) {
  const { config, database, engineDatabase, registry, logger } = options;
  const markerOf = settlementMarker(config);
  if (database === undefined || engineDatabase === undefined) return memoryStores(markerOf);
  const url = databaseUrlOf(config) ?? "";
  return kyselyStores(database, markerOf, {
    config,
    url,
    database,
    engine: engineDatabase,
    registry,
    logger,
  });
}

function appOptions(config: BillingConfig, parts: Parts): Parameters<typeof buildApp>[0] {
  const { health, observation, idempotency, waiter, backlog, metrics, wake, readBalance } = parts;
  const { aggregation, streaming, exporting, store } = parts;
  const { vaults, apis, events, reports, settlements, streams } = parts.repositories;
  const vaultService = new VaultService(vaults, systemClock);
  return {
    logLevel: config.LOG_LEVEL,
    health,
    measuring: observation.app(),
    contextKeys: parseContextKeys(config.CONTEXT_SIGNING_KEYS),
    clock: systemClock,
    idempotency: idempotency.store,
    vaults: vaultService,
    apis: new ApiService(apis, systemClock),
    balances: new BalanceService({
      vaults: vaultService,
      events,
      settlements,
      streams,
      readBalance,
    }),
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
    streams: streaming.service,
    activity: new ActivityService(streams, streaming.service),
    users: new UserService(streams),
    exports: { exports: exporting.service, publicUrl: config.PUBLIC_URL },
    deductionMetrics: metrics,
    internalTokens: config.INTERNAL_TOKENS?.split(",") ?? [],
    store: store?.service ?? new StoreService(),
  };
}

async function start(config: BillingConfig, parts: Parts): Promise<void> {
  const { database, logger, health } = parts;
  if (database !== undefined) {
    await assertMigrated(database);
    await assertRestrictedLogin(database, {
      isProduction: config.NODE_ENV === "production",
      warn: (text) => logger.warn(text),
    });
  }
  await parts.store?.start();
  await parts.backlog.start();
  health.markStarted();
  parts.chain?.engine.start();
  parts.aggregation.start();
  parts.streaming.start();
  parts.upkeep.start();
  parts.idempotency.start();
  parts.exporting.start();
}

async function stop(config: BillingConfig, parts: Parts): Promise<void> {
  parts.backlog.stop();
  await parts.aggregation.stop();
  await parts.streaming.stop();
  await parts.chain?.engine.stop({ graceMs: config.SHUTDOWN_GRACE_MS / 2 });
  await parts.upkeep.stop();
  await parts.exporting.stop();
  await parts.idempotency.close();
  await parts.store?.stop();
  await parts.engineDatabase?.close();
  await parts.database?.close();
}

/** Of requests and of the engine, whose own connections hold its role, so that no statement pays for taking it. */
function openDatabases(config: BillingConfig, logger: Logger, observation: Observation) {
  const database = openConfiguredDatabase(config, logger, {
    poolSize: config.DB_POOL_SIZE,
    applicationName: "orrery-billing",
    observer: observation.requestPool(),
  });
  const engineDatabase = openConfiguredDatabase(config, logger, {
    poolSize: ENGINE_POOL_SIZE,
    applicationName: "orrery-billing-engine",
    role: "orrery_submitter",
    observer: observation.backgroundPool("engine"),
  });
  return { database, engineDatabase };
}

function openConfiguredDatabase(
  config: BillingConfig,
  logger: Logger,
  options: Pick<DatabaseOptions, "poolSize" | "applicationName" | "role" | "observer">,
): Database | undefined {
  const url = databaseUrlOf(config);
  if (url === undefined) return undefined;
  const onIdleError = (error: Error) => logger.warn({ err: error }, "a database connection broke");
  return openDatabase({ url, ...options, onIdleError });
}

function tellOfResolutions(
  { engine }: Chain,
  metrics: DeductionMetrics,
  waiter: SettlementWaiter<UsageEvent>,
): void {
  engine.onResolution(({ kind, state }) => {
    if (kind !== "deduct") return;
    if (state !== "unknown") metrics.resolved(state === "confirmed" ? "confirmed" : "failed");
    void waiter.look();
  });
}

function createWaiter(events: UsageEventRepository, logger: Logger): SettlementWaiter<UsageEvent> {
  return createDeductionWaiter({
    events,
    pollMs: WAITER_POLL_MS,
    onPollError: (error) => logger.warn({ err: error }, "could not look for settled requests"),
  });
}

function createBacklog(
  config: BillingConfig,
  counted: { events: UsageEventRepository; streams: StreamRepository },
  logger: Logger,
): Backlog {
  return new Backlog({
    ...counted,
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
  const stores = composeMemoryStores({ markerOf });
  const { events, streams } = stores;
  /** What exports read in place of the tables. */
  const exported = { events, streams };
  return { ...stores, exported, store: undefined };
}

function kyselyStores(database: Database, markerOf: MarkerOf, options: StoreOptions) {
  const { kysely } = database;
  const store = composeStore(options);
  return {
    vaults: new KyselyVaultRepository(kysely),
    apis: new KyselyRegisteredApiRepository(kysely),
    events: new KyselyUsageEventRepository(database),
    reports: new KyselyUsageReports(kysely),
    settlements: new KyselySettlementRepository({ database, markerOf }),
    streams: store.streams,
    journal: store.journal,
    exported: undefined,
    store,
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
