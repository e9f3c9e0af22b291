import { Cache } from "@orrery/common/cache/cache";
import { createCacheMetrics } from "@orrery/common/cache/cache-metrics";
import { RedisNewsChannel } from "@orrery/common/cache/news-channel.redis";
import { RedisValueStore } from "@orrery/common/cache/value-store.redis";
import { systemClock } from "@orrery/common/contracts/clock";
import type { HealthCheck } from "@orrery/common/contracts/health";
import { registerOutboxLag } from "@orrery/common/events/outbox-metrics";
import { OutboxRelay } from "@orrery/common/events/outbox-relay";
import { PeriodicTask } from "@orrery/common/events/periodic-task";
import { parseContextKeys } from "@orrery/common/http/context-keys";
import { Health } from "@orrery/common/http/health";
import type { ServiceApp } from "@orrery/common/http/service-app";
import type { MetricsRegistry } from "@orrery/common/observability/metrics";
import { Observation } from "@orrery/common/observability/observation";
import { isOutage } from "@orrery/common/repositories/database";
import type {
  RaisedTopic,
  RelayedBatch,
} from "@orrery/common/repositories/outbox/outbox-repository";
import { connectRpc } from "@orrery/soroban/rpc/connect-rpc";
import { buildApp, type CatalogServices } from "./app.ts";
import { BurnService } from "./burns/burn-service.ts";
import { CatalogWrites } from "./catalog-writes.ts";
import { type CatalogConfig, followedContracts } from "./config.ts";
import { composeEvents } from "./events/compose.ts";
import { retriesHandler } from "./events/retries-handler.ts";
import { Indexer, type IndexerLogger } from "./indexer/indexer.ts";
import { createIndexerLag } from "./indexer/indexer-metrics.ts";
import { EventIngest } from "./ingest/event-ingest.ts";
import type { InternalServices } from "./ingest/internal-service.ts";
import { RejectedRetries } from "./ingest/rejected-retries.ts";
import { LeaderboardService } from "./leaderboards/leaderboard-service.ts";
import { LiveBoards } from "./live/live-boards.ts";
import { registerLiveReaders } from "./live/live-metrics.ts";
import { composeMedia } from "./media/compose.ts";
import { openPersistence, type Persistence } from "./persistence/compose.ts";
import { NightlyRecount, type NightlyRecountOptions } from "./pools/nightly-recount.ts";
import { PoolService } from "./pools/pool-service.ts";
import { StatsService } from "./stats/stats-service.ts";
import { TokenService } from "./tokens/token-service.ts";

export interface Catalog {
  readonly app: ServiceApp;
  readonly health: Health;
  readonly observation: Observation;
  /** Checks the schema and begins the work in the background. */
  start(): Promise<void>;
  /** Ends what would keep requests from ending. */
  readonly onDrain: () => void;
  /** What `/internal` works with. */
  readonly internal: InternalServices;
  /** In the order to call them in, after the last request. */
  readonly closers: readonly (() => Promise<void>)[];
}

const ADVANCE_INTERVAL_MS = 250;
/** Rejected events of which nobody took notice. */
const KEEP_REJECTED_MS = 90 * 86_400_000;
const PRUNE_INTERVAL_MS = 3_600_000;
const REDIS_HEALTH_TIMEOUT_MS = 2_000;
const REDIS_DEGRADED_MS = 1_500;
const steadyClock = () => performance.now();

/** The only place that picks adapters. Log lines go to `logStream` when a test listens. */
export function composeCatalog(
  config: CatalogConfig,
  logStream?: { write(line: string): void },
): Catalog {
  const onError = (error: unknown) => app.log.warn({ err: error }, "background work failed");
  const observation = new Observation(config, (fields, text) => app.log.warn(fields, text));
  const { registry } = observation;
  const persistence = openPersistence(config, observation, onError);
  const caching = createCaching(config, persistence, registry, {
    onError,
    onRelayed: ({ events }) => indexing.events.relayed(events),
  });
  const { cache, relay, values } = caching;
  const services = {
    ...createServices(persistence, cache, relay, onError),
    media: composeMedia({ config, ...persistence, registry, onError }),
  };
  registerLiveReaders(registry, () => services.live.listenerCount);
  const indexing = createIndexing(config, persistence, services, registry, () => app.log);
  const upkeep = createUpkeep(persistence, registry, {
    onError,
    onDrift: (drift) => app.log.error({ drift }, "counters are not the sum of their pools"),
  });
  const health = new Health([...persistence.checks, ...redisChecks(values)], config.APP_VERSION);
  const app = buildApp({
    logLevel: config.LOG_LEVEL,
    ...(logStream === undefined ? {} : { logStream }),
    health,
    measuring: observation.app(),
    contextKeys: parseContextKeys(config.CONTEXT_SIGNING_KEYS),
    clock: systemClock,
    idempotency: persistence.idempotency.store,
    services,
    publicUrl: config.PUBLIC_URL,
    internal: indexing.internal,
    deadLetters: indexing.events.deadLetters,
    internalTokens: config.INTERNAL_TOKENS?.split(",") ?? [],
  });
  return {
    app,
    health,
    observation,
    start: async () => {
      await persistence.assertReady((text) => app.log.warn(text));
      persistence.idempotency.start();
      await cache.start();
      relay.start();
      upkeep.start();
      indexing.start();
      health.markStarted();
    },
    onDrain: () => services.live.close(),
    internal: indexing.internal,
    closers: [
      indexing.close,
      () => relay.close(),
      upkeep.close,
      caching.close,
      () => persistence.idempotency.close(),
      () => persistence.close(),
    ],
  };
}

/** What keeps boards and statistics true while nobody writes. */
function createUpkeep(
  { scores, counters }: Persistence,
  registry: MetricsRegistry,
  { onError, onDrift }: Pick<NightlyRecountOptions, "onError" | "onDrift">,
) {
  const ticker = new PeriodicTask({
    intervalMs: ADVANCE_INTERVAL_MS,
    run: () => scores.advance(),
    onError,
  });
  const clock = systemClock;
  const recount = new NightlyRecount({ pools: counters, clock, registry, onDrift, onError });
  const start = () => {
    ticker.start();
    recount.start();
  };
  const close = async () => {
    await ticker.close();
    await recount.close();
  };
  return { start, close };
}

/** Caches, the relay that makes them old, and how other instances hear of it. */
function createCaching(
  config: CatalogConfig,
  persistence: Persistence,
  registry: MetricsRegistry,
  {
    onError,
    onRelayed,
  }: { onError: (error: unknown) => void; onRelayed: (batch: RelayedBatch) => void },
) {
  const values = openValues(config, onError);
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
    onRelayed: (batch) => {
      cache.applyRaised(batch.raised);
      void news?.publish(batch.raised);
      onRelayed(batch);
    },
    onError,
  });
  registerOutboxLag(registry, () => cache.queuedForMs);
  const close = async () => {
    await cache.close();
    await news?.close();
    await values?.close();
  };
  return { cache, relay, values, close };
}

/** What follows the chain, what comes of its events, and what operators ask of both. */
function createIndexing(
  config: CatalogConfig,
  persistence: Persistence,
  services: CatalogServices,
  registry: MetricsRegistry,
  log: () => IndexerLogger,
) {
  const { positions, rejected, deadLetters: letters } = persistence;
  const ingest = new EventIngest(services);
  const internal: InternalServices = { ingest, positions, rejected, letters };
  const onError = (err: unknown) => log().warn({ err }, "events could not be worked on");
  const indexer = createIndexer(config, internal, registry, log);
  const retries = new RejectedRetries({ ...internal, isOutage, onError });
  const handlers = { "rejected-retries": retriesHandler(rejected, () => retries.nudge()) };
  const events = composeEvents({ config, persistence, handlers, registry, onError });
  const pruner = new PeriodicTask({
    intervalMs: PRUNE_INTERVAL_MS,
    run: async () => void (await rejected.prune(KEEP_REJECTED_MS)),
    onError: (err) => log().warn({ err }, "rejected events could not be forgotten"),
  });
  const start = () => {
    indexer?.start();
    retries.start();
    events.start();
    pruner.start();
  };
  const close = async () => {
    await indexer?.close();
    await events.close();
    await retries.close();
    await pruner.close();
  };
  return { internal, events, start, close };
}

function createServices(
  { tokens, burns, boards, pools }: Persistence,
  cache: Cache,
  relay: OutboxRelay,
  onError: (error: unknown) => void,
): Omit<CatalogServices, "media"> {
  const writes = new CatalogWrites({
    clock: systemClock,
    onCommitted: (topics, sequence) => {
      cache.noteWrite(topics, sequence);
      relay.nudge();
    },
  });
  const leaderboards = new LeaderboardService(boards, cache, systemClock);
  return {
    tokens: new TokenService(tokens, writes, cache),
    burns: new BurnService(burns, writes),
    leaderboards,
    live: new LiveBoards({ boards: leaderboards, cache, clock: steadyClock, onError }),
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

/** Undefined: no contract is followed. */
function createIndexer(
  config: CatalogConfig,
  internal: InternalServices,
  registry: MetricsRegistry,
  log: () => IndexerLogger,
): Indexer | undefined {
  const { SOROBAN_RPC_URL, SOROBAN_RPC_URLS, SOROBAN_RPC_TIMEOUT_MS } = config;
  const onLag = createIndexerLag(registry);
  if (SOROBAN_RPC_URL === undefined || config.INDEXER_CONTRACTS === undefined) return undefined;
  return new Indexer({
    contracts: followedContracts(config),
    rpc: connectRpc({
      urls: [SOROBAN_RPC_URL, ...(SOROBAN_RPC_URLS?.split(",") ?? [])],
      timeoutMs: SOROBAN_RPC_TIMEOUT_MS,
      clock: systemClock,
    }),
    ...internal,
    firstLedger: config.INDEXER_FIRST_LEDGER,
    intervalMs: config.INDEXER_INTERVAL_MS,
    logger: {
      info: (fields, text) => log().info(fields, text),
      warn: (fields, text) => log().warn(fields, text),
      error: (fields, text) => log().error(fields, text),
    },
    onLag,
  });
}

/** With Redis, other instances hear of a write at once instead of at their next look. */
function openNews(
  { REDIS_URL }: CatalogConfig,
  onRaised: (raised: readonly RaisedTopic[]) => void,
  onError: (error: unknown) => void,
): RedisNewsChannel | undefined {
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
      degradedAboveMs: REDIS_DEGRADED_MS,
      probe: async () => ((await values.isReachable()) ? "ok" : "down"),
    },
  ];
}
