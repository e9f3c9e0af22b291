import type { Clock } from "@orrery/common/contracts/clock";
import { ProblemError } from "@orrery/common/contracts/errors";
import { API_PREFIX } from "@orrery/common/contracts/operations";
import type { ContextKey } from "@orrery/common/http/context-keys";
import { contextPlugin } from "@orrery/common/http/context-plugin";
import type { Health } from "@orrery/common/http/health";
import { idempotencyPlugin } from "@orrery/common/http/idempotency/idempotency-plugin";
import { sendProblem } from "@orrery/common/http/problem";
import { createServiceApp, type ServiceApp } from "@orrery/common/http/service-app";
import type { AppMeasuring } from "@orrery/common/observability/observation";
import type { IdempotencyStore } from "@orrery/common/repositories/idempotency/idempotency-store";
import { isDatabaseUnavailable } from "@orrery/common/repositories/postgres-error";
import type { BurnService } from "./burns/burn-service.ts";
import { registerBurnRoutes } from "./burns/burns.routes.ts";
import type { DeadLetterService } from "./events/dead-letter-service.ts";
import { registerDeadLetterRoutes } from "./events/dead-letters.routes.ts";
import { registerInternalRoutes } from "./ingest/internal.routes.ts";
import { InternalService, type InternalServices } from "./ingest/internal-service.ts";
import type { LeaderboardService } from "./leaderboards/leaderboard-service.ts";
import { registerLeaderboardRoutes } from "./leaderboards/leaderboards.routes.ts";
import type { LiveBoards } from "./live/live-boards.ts";
import { registerMediaRoutes } from "./media/media.routes.ts";
import type { MediaService } from "./media/media-service.ts";
import type { PoolService } from "./pools/pool-service.ts";
import { registerPoolRoutes } from "./pools/pools.routes.ts";
import { registerStatsRoutes } from "./stats/stats.routes.ts";
import type { StatsService } from "./stats/stats-service.ts";
import type { TokenService } from "./tokens/token-service.ts";
import { registerTokenRoutes } from "./tokens/tokens.routes.ts";

export interface CatalogServices {
  tokens: TokenService;
  burns: BurnService;
  leaderboards: LeaderboardService;
  live: LiveBoards;
  pools: PoolService;
  stats: StatsService;
  media: MediaService;
}

export interface CatalogAppOptions {
  logLevel: string;
  logStream?: { write(line: string): void };
  health: Health;
  measuring: AppMeasuring;
  contextKeys: readonly ContextKey[];
  clock: Clock;
  idempotency: IdempotencyStore;
  services: CatalogServices;
  /** Where consumers reach the gateway; undefined: as their requests say. */
  publicUrl: string | undefined;
  internal: InternalServices;
  deadLetters: DeadLetterService;
  /** Empty: no `/internal` routes. */
  internalTokens: readonly string[];
}

/** How long a caller should leave a database alone that is away. */
const RETRY_AFTER_SECONDS = "1";

/** Catalog over HTTP; everything that it talks to is an argument. */
export function buildApp(options: CatalogAppOptions): ServiceApp {
  const { services, clock, contextKeys, logStream } = options;
  const app = createServiceApp({
    service: "catalog",
    logLevel: options.logLevel,
    health: options.health,
    ...options.measuring,
    ...(logStream === undefined ? {} : { logStream }),
  });
  app.register(
    async (api) => {
      await api.register(contextPlugin, { audience: "catalog", keys: contextKeys, clock });
      await api.register(idempotencyPlugin, { store: options.idempotency });
      api.setErrorHandler((error, request, reply) =>
        sendProblem(request, reply, isDatabaseUnavailable(error) ? databaseAway(error) : error),
      );
      registerTokenRoutes(api, services.tokens);
      registerBurnRoutes(api, services.burns);
      registerLeaderboardRoutes(api, services.leaderboards, services.live);
      registerPoolRoutes(api, services.pools);
      registerStatsRoutes(api, services.stats);
      registerMediaRoutes(api, { media: services.media, publicUrl: options.publicUrl });
    },
    { prefix: API_PREFIX },
  );
  if (options.internalTokens.length > 0) {
    app.register(async (internal) => {
      internal.setErrorHandler((error, request, reply) =>
        sendProblem(request, reply, isDatabaseUnavailable(error) ? databaseAway(error) : error),
      );
      await registerInternalRoutes(
        internal,
        options.internalTokens,
        new InternalService(options.internal),
      );
      registerDeadLetterRoutes(internal, options.deadLetters);
    });
  }
  return app;
}

/** Every write of the catalog may be sent again: it is known by its address, transaction or eventId. */
function databaseAway(cause: unknown): ProblemError {
  return new ProblemError("service_unavailable", "The catalog cannot reach its data now.", {
    headers: { "retry-after": RETRY_AFTER_SECONDS },
    cause,
  });
}
