import { Cache } from "@orrery/common/cache/cache";
import { createCacheMetrics } from "@orrery/common/cache/cache-metrics";
import type { NewsChannel } from "@orrery/common/cache/news-channel";
import { RedisNewsChannel } from "@orrery/common/cache/news-channel.redis";
import { RedisValueStore } from "@orrery/common/cache/value-store.redis";
import { databaseUrlOf } from "@orrery/common/config/service-variables";
import { systemClock } from "@orrery/common/contracts/clock";
import type { HealthCheck } from "@orrery/common/contracts/health";
import { registerOutboxLag } from "@orrery/common/events/outbox-metrics";
import { OutboxRelay } from "@orrery/common/events/outbox-relay";
import { PeriodicTask } from "@orrery/common/events/periodic-task";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { Health } from "@orrery/common/http/health";
import type { ServiceApp } from "@orrery/common/http/service-app";
import { createRegistry } from "@orrery/common/observability/metrics";
import type { BurnRepository } from "@orrery/common/repositories/burn/burn-repository";
import { KyselyBurnRepository } from "@orrery/common/repositories/burn/burn-repository.kysely";
import { MemoryBurnRepository } from "@orrery/common/repositories/burn/burn-repository.memory";
import { openDatabase } from "@orrery/common/repositories/database";
import { databaseCheck } from "@orrery/common/repositories/database-check";
import type { LeaderboardRepository } from "@orrery/common/repositories/leaderboard/leaderboard-repository";
import { KyselyLeaderboardRepository } from "@orrery/common/repositories/leaderboard/leaderboard-repository.kysely";
import { MemoryLeaderboardRepository } from "@orrery/common/repositories/leaderboard/leaderboard-repository.memory";
import { assertMigrated } from "@orrery/common/repositories/migrations/migrate";
import type {
  OutboxRepository,
  RaisedTopic,
} from "@orrery/common/repositories/outbox/outbox-repository";
import { KyselyOutboxRepository } from "@orrery/common/repositories/outbox/outbox-repository.kysely";
import { MemoryOutboxRepository } from "@orrery/common/repositories/outbox/outbox-repository.memory";
import type { PoolRepository } from "@orrery/common/repositories/pool/pool-repository";
import { KyselyPoolRepository } from "@orrery/common/repositories/pool/pool-repository.kysely";
import { MemoryPoolRepository } from "@orrery/common/repositories/pool/pool-repository.memory";
import { MemoryCatalog } from "@orrery/common/repositories/token/memory-catalog";
import type { TokenRepository } from "@orrery/common/repositories/token/token-repository";
import { KyselyTokenRepository } from "@orrery/common/repositories/token/token-repository.kysely";
import { MemoryTokenRepository } from "@orrery/common/repositories/token/token-repository.memory";
import { buildApp, type CatalogServices } from "./app.ts";
import { BurnService } from "./burns/burn-service.ts";
import { CatalogWrites } from "./catalog-writes.ts";
import type { CatalogConfig } from "./config.ts";
import { LeaderboardService } from "./leaderboards/leaderboard-service.ts";
import { PoolService } from "./pools/pool-service.ts";
import { StatsService } from "./stats/stats-service.ts";
import { TokenService } from "./tokens/token-service.ts";

export interface Catalog {
  readonly app: ServiceApp;
  readonly health: Health;
  /** Checks the schema and begins the work in the background. */
  start(): Promise<void>;
  /** In the order to call them in, after the last request. */
  readonly closers: readonly (() => Promise<void>)[];
}

interface Persistence {
  readonly tokens: TokenRepository;
  readonly burns: BurnRepository;
  readonly boards: LeaderboardRepository;
  readonly pools: PoolRepository;
  readonly generations: Pick<OutboxRepository, "readGeneration">;
  readonly outbox: OutboxRepository;
  /** Keeps the scores of `boards`. */
  readonly scores: Pick<LeaderboardRepository, "advance">;
  readonly checks: readonly HealthCheck[];
  assertReady(): Promise<void>;
  close(): Promise<void>;
}

/** Connections of the relay, the watch on generations and the scores: requests never starve them. */
const SYSTEM_POOL_SIZE = 3;
const ADVANCE_INTERVAL_MS = 250;
const REDIS_HEALTH_TIMEOUT_MS = 2_000;
const steadyClock = () => performance.now();

/** The only place that picks adapters. Log lines go to `logStream` when a test listens. */
export function composeCatalog(
  config: CatalogConfig,
  logStream?: { write(line: string): void },
): Catalog {
  const onError = (error: unknown) => app.log.warn({ err: error }, "background work failed");
  const persistence = openPersistence(config, onError);
  const values = openValues(config, onError);
  const registry = createRegistry();
  const cache = new Cache({
    generations: persistence.generations,
    news: persistence.outbox,
    values,
    clock: steadyClock,
    observer: createCacheMetrics(registry),
    onError,
  });
  const news = openNews(config, (raised) => cache.applyRaised(raised), onError);
  const relay = new OutboxRelay({
    outbox: persistence.outbox,
    onRelayed: ({ raised }) => {
      cache.applyRaised(raised);
      void news?.publish(raised);
    },
    onError,
  });
  const ticker = new PeriodicTask({
    intervalMs: ADVANCE_INTERVAL_MS,
    run: () => persistence.scores.advance(),
    onError,
  });
  registerOutboxLag(registry, () => cache.queuedForMs);
  const health = new Health([...persistence.checks, ...redisChecks(values)], config.APP_VERSION);
  const app = buildApp({
    logLevel: config.LOG_LEVEL,
    ...(logStream === undefined ? {} : { logStream }),
    health,
    registry: config.METRICS_ENABLED ? registry : undefined,
    contextKeys: parseContextKeys(config.CONTEXT_SIGNING_KEYS),
    clock: systemClock,
    services: createServices(persistence, cache, relay),
  });
  return {
    app,
    health,
    start: async () => {
      await persistence.assertReady();
      await cache.start();
      relay.start();
      ticker.start();
      health.markStarted();
    },
    closers: [
      () => relay.close(),
      () => ticker.close(),
      () => cache.close(),
      async () => news?.close(),
      async () => values?.close(),
      () => persistence.close(),
    ],
  };
}

function createServices(
  { tokens, burns, boards, pools }: Persistence,
  cache: Cache,
  relay: OutboxRelay,
): CatalogServices {
  const writes = new CatalogWrites({
    clock: systemClock,
    onCommitted: (topics, sequence) => {
      cache.noteWrite(topics, sequence);
      relay.nudge();
    },
  });
  return {
    tokens: new TokenService(tokens, writes, cache),
    burns: new BurnService(burns, writes),
    leaderboards: new LeaderboardService(boards, cache, systemClock),
    pools: new PoolService(pools, writes),
    stats: new StatsService(pools, cache),
  };
}

function openValues(
  { REDIS_URL }: CatalogConfig,
  onError: (error: unknown) => void,
): RedisValueStore | undefined {
  if (REDIS_URL === undefined) return undefined;
  return new RedisValueStore({ url: REDIS_URL, clock: steadyClock, onError });
}

/** With Redis, other instances hear of a write at once instead of at their next look. */
function openNews(
  { REDIS_URL }: CatalogConfig,
  onRaised: (raised: readonly RaisedTopic[]) => void,
  onError: (error: unknown) => void,
): NewsChannel | undefined {
  if (REDIS_URL === undefined) return undefined;
  return new RedisNewsChannel({ url: REDIS_URL, clock: steadyClock, onRaised, onError });
}

/** Redis speeds things up; nothing needs it. */
function redisChecks(values: RedisValueStore | undefined): HealthCheck[] {
  if (values === undefined) return [];
  return [
    {
      name: "redis",
      isRequired: false,
      timeoutMs: REDIS_HEALTH_TIMEOUT_MS,
      degradedAboveMs: REDIS_HEALTH_TIMEOUT_MS / 2,
      probe: async () => ((await values.isReachable()) ? "ok" : "down"),
    },
  ];
}

function openPersistence(config: CatalogConfig, onError: (error: unknown) => void): Persistence {
  const url = databaseUrlOf(config);
  return url === undefined ? openMemory() : openPostgres(url, config, onError);
}

function openPostgres(
  url: string,
  config: CatalogConfig,
  onIdleError: (error: unknown) => void,
): Persistence {
  const requests = openDatabase({
    url,
    poolSize: config.DB_POOL_SIZE,
    applicationName: "orrery-catalog",
    onIdleError,
  });
  const system = openDatabase({
    url,
    poolSize: SYSTEM_POOL_SIZE,
    applicationName: "orrery-catalog-system",
    onIdleError,
  });
  return {
    tokens: new KyselyTokenRepository(requests.kysely),
    burns: new KyselyBurnRepository(requests.kysely),
    boards: new KyselyLeaderboardRepository(requests.kysely),
    pools: new KyselyPoolRepository(requests.kysely),
    generations: new KyselyOutboxRepository(requests.kysely),
    outbox: new KyselyOutboxRepository(system.kysely),
    scores: new KyselyLeaderboardRepository(system.kysely),
    checks: [databaseCheck(requests.pool, config.HEALTH_DB_TIMEOUT_MS)],
    assertReady: () => assertMigrated(requests),
    close: async () => {
      await requests.close();
      await system.close();
    },
  };
}

function openMemory(): Persistence {
  const catalog = new MemoryCatalog();
  const outbox = new MemoryOutboxRepository(systemClock);
  const boards = new MemoryLeaderboardRepository(catalog, systemClock);
  return {
    tokens: new MemoryTokenRepository(catalog, outbox),
    burns: new MemoryBurnRepository(catalog, outbox, systemClock),
    boards,
    pools: new MemoryPoolRepository(outbox),
    generations: outbox,
    outbox,
    scores: boards,
    checks: [],
    assertReady: async () => {},
    close: async () => {},
  };
}
