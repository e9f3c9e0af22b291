import { databaseUrlOf } from "@orrery/common/config/service-variables";
import { systemClock } from "@orrery/common/contracts/clock";
import type { HealthCheck } from "@orrery/common/contracts/health";
import type { Observation } from "@orrery/common/observability/observation";
import type { BurnRepository } from "@orrery/common/repositories/burn/burn-repository";
import { KyselyBurnRepository } from "@orrery/common/repositories/burn/burn-repository.kysely";
import { MemoryBurnRepository } from "@orrery/common/repositories/burn/burn-repository.memory";
import { openDatabase } from "@orrery/common/repositories/database";
import { databaseCheck } from "@orrery/common/repositories/database-check";
import { assertRestrictedLogin } from "@orrery/common/repositories/database-login";
import type { DeadLetterRepository } from "@orrery/common/repositories/dead-letter/dead-letter-repository";
import { KyselyDeadLetterRepository } from "@orrery/common/repositories/dead-letter/dead-letter-repository.kysely";
import { MemoryDeadLetterRepository } from "@orrery/common/repositories/dead-letter/dead-letter-repository.memory";
import type { EventLogRepository } from "@orrery/common/repositories/event-log/event-log-repository";
import { KyselyEventLogRepository } from "@orrery/common/repositories/event-log/event-log-repository.kysely";
import { MemoryEventLogRepository } from "@orrery/common/repositories/event-log/event-log-repository.memory";
import {
  composeIdempotency,
  type Idempotency,
} from "@orrery/common/repositories/idempotency/compose";
import type { IndexerPositionRepository } from "@orrery/common/repositories/indexer/indexer-position-repository";
import { KyselyIndexerPositionRepository } from "@orrery/common/repositories/indexer/indexer-position-repository.kysely";
import { MemoryIndexerPositionRepository } from "@orrery/common/repositories/indexer/indexer-position-repository.memory";
import type { RejectedEventRepository } from "@orrery/common/repositories/indexer/rejected-event-repository";
import { KyselyRejectedEventRepository } from "@orrery/common/repositories/indexer/rejected-event-repository.kysely";
import { MemoryRejectedEventRepository } from "@orrery/common/repositories/indexer/rejected-event-repository.memory";
import type { LeaderboardRepository } from "@orrery/common/repositories/leaderboard/leaderboard-repository";
import { KyselyLeaderboardRepository } from "@orrery/common/repositories/leaderboard/leaderboard-repository.kysely";
import { MemoryLeaderboardRepository } from "@orrery/common/repositories/leaderboard/leaderboard-repository.memory";
import type { MediaFileRepository } from "@orrery/common/repositories/media-file/media-file-repository";
import { KyselyMediaFileRepository } from "@orrery/common/repositories/media-file/media-file-repository.kysely";
import { MemoryMediaFileRepository } from "@orrery/common/repositories/media-file/media-file-repository.memory";
import { assertMigrated } from "@orrery/common/repositories/migrations/migrate";
import type { OutboxRepository } from "@orrery/common/repositories/outbox/outbox-repository";
import { KyselyOutboxRepository } from "@orrery/common/repositories/outbox/outbox-repository.kysely";
import { MemoryOutboxRepository } from "@orrery/common/repositories/outbox/outbox-repository.memory";
import type { PoolRepository } from "@orrery/common/repositories/pool/pool-repository";
import { KyselyPoolRepository } from "@orrery/common/repositories/pool/pool-repository.kysely";
import { MemoryPoolRepository } from "@orrery/common/repositories/pool/pool-repository.memory";
import { MemoryCatalog } from "@orrery/common/repositories/token/memory-catalog";
import type { TokenRepository } from "@orrery/common/repositories/token/token-repository";
import { KyselyTokenRepository } from "@orrery/common/repositories/token/token-repository.kysely";
import { MemoryTokenRepository } from "@orrery/common/repositories/token/token-repository.memory";
import type { CatalogConfig } from "../config.ts";

/** The adapters behind the services, all of one kind. */
export interface Persistence {
  readonly tokens: TokenRepository;
  readonly burns: BurnRepository;
  readonly boards: LeaderboardRepository;
  readonly pools: PoolRepository;
  readonly files: MediaFileRepository;
  /** Whether all is lost with the process, files too. */
  readonly isInMemory: boolean;
  readonly generations: Pick<OutboxRepository, "readGeneration">;
  readonly outbox: OutboxRepository;
  /** Keeps the scores of `boards`. */
  readonly scores: Pick<LeaderboardRepository, "advance">;
  readonly idempotency: Idempotency;
  readonly positions: IndexerPositionRepository;
  readonly rejected: RejectedEventRepository;
  readonly eventLog: EventLogRepository;
  readonly deadLetters: DeadLetterRepository;
  /** Adds up `pools`. */
  readonly counters: Pick<PoolRepository, "recount">;
  readonly checks: readonly HealthCheck[];
  assertReady(warn: (text: string) => void): Promise<void>;
  close(): Promise<void>;
}

/**
 * Connections of the relay, the watch on generations and the scores, which requests never starve, and
 * of the event bus, which these do not wait for.
 */
const SYSTEM_POOL_SIZE = 5;

/** Postgres where a database is named, this process's memory else. */
export function openPersistence(
  config: CatalogConfig,
  observation: Observation,
  onError: (error: unknown) => void,
): Persistence {
  const url = databaseUrlOf(config);
  return url === undefined
    ? openMemory(onError)
    : openPostgres({ ...config, url }, observation, onError);
}

function openPostgres(
  { url, ...config }: CatalogConfig & { readonly url: string },
  observation: Observation,
  onIdleError: (error: unknown) => void,
): Persistence {
  const requests = openDatabase({
    url,
    poolSize: config.DB_POOL_SIZE,
    applicationName: "orrery-catalog",
    role: "orrery_cache",
    onIdleError,
    observer: observation.requestPool(),
  });
  const system = openDatabase({
    url,
    poolSize: SYSTEM_POOL_SIZE,
    applicationName: "orrery-catalog-system",
    role: "orrery_relay",
    onIdleError,
    observer: observation.backgroundPool("system"),
  });
  return {
    tokens: new KyselyTokenRepository(requests.kysely),
    burns: new KyselyBurnRepository(requests),
    boards: new KyselyLeaderboardRepository(requests.kysely),
    pools: new KyselyPoolRepository(requests.kysely),
    files: new KyselyMediaFileRepository(requests.kysely),
    isInMemory: false,
    generations: new KyselyOutboxRepository(requests.kysely),
    outbox: new KyselyOutboxRepository(system.kysely),
    scores: new KyselyLeaderboardRepository(system.kysely),
    idempotency: composeIdempotency({ database: requests, onError: onIdleError }),
    positions: new KyselyIndexerPositionRepository(system.kysely),
    rejected: new KyselyRejectedEventRepository(system.kysely),
    eventLog: new KyselyEventLogRepository(system.kysely),
    deadLetters: new KyselyDeadLetterRepository(system.kysely),
    counters: new KyselyPoolRepository(system.kysely),
    checks: [databaseCheck(requests.pool, config.HEALTH_DB_TIMEOUT_MS)],
    assertReady: async (warn) => {
      await assertMigrated(requests);
      await assertRestrictedLogin(requests, {
        isProduction: config.NODE_ENV === "production",
        warn,
      });
    },
    close: async () => {
      await requests.close();
      await system.close();
    },
  };
}

function openMemory(onError: (error: unknown) => void): Persistence {
  const catalog = new MemoryCatalog();
  const eventLog = new MemoryEventLogRepository(systemClock);
  const outbox = new MemoryOutboxRepository(systemClock, eventLog);
  const boards = new MemoryLeaderboardRepository(catalog, systemClock);
  const pools = new MemoryPoolRepository(outbox);
  const tokens = new MemoryTokenRepository(catalog, outbox);
  return {
    tokens,
    burns: new MemoryBurnRepository(catalog, outbox, systemClock),
    boards,
    pools,
    files: new MemoryMediaFileRepository(tokens),
    isInMemory: true,
    generations: outbox,
    outbox,
    scores: boards,
    idempotency: composeIdempotency({ database: undefined, onError }),
    positions: new MemoryIndexerPositionRepository(systemClock),
    rejected: new MemoryRejectedEventRepository(systemClock, catalog),
    eventLog,
    deadLetters: new MemoryDeadLetterRepository(systemClock),
    counters: pools,
    checks: [],
    assertReady: async () => {},
    close: async () => {},
  };
}
