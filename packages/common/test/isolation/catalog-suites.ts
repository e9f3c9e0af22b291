import { KyselyBurnRepository } from "@orrery/common/repositories/burn/burn-repository.kysely";
import { KyselyLeaderboardRepository } from "@orrery/common/repositories/leaderboard/leaderboard-repository.kysely";
import { KyselyOutboxRepository } from "@orrery/common/repositories/outbox/outbox-repository.kysely";
import { KyselyPoolRepository } from "@orrery/common/repositories/pool/pool-repository.kysely";
import { KyselyTokenRepository } from "@orrery/common/repositories/token/token-repository.kysely";
import { OWN_ROW, suiteOf } from "./isolation-case.ts";
import { AT, announcementOf, burnOf, IDS, poolEvent } from "./seed.ts";

const ANNOUNCED = "the relay announces every tenant's writes";
const PUBLIC = "pools are the platform's, and everyone may read them";

const SEARCH = { sortBy: "created", sortOrder: "desc", offset: 0, limit: 10 } as const;

export const CATALOG_SUITES = [
  suiteOf<KyselyTokenRepository>({
    name: "KyselyTokenRepository",
    service: "catalog",
    open: ({ kysely }) => new KyselyTokenRepository(kysely),
    cases: {
      create: {
        harmless: OWN_ROW,
        call: (tokens, tenantId) =>
          tokens.create(
            tenantId,
            {
              id: IDS.token,
              address: `TOKEN-${tenantId}`,
              name: "Nova",
              symbol: "NOV",
              decimals: 7,
              totalSupply: 1n,
              metadataUri: undefined,
              listed: false,
              createdAt: AT,
            },
            announcementOf(tenantId, { type: "token.created", payload: { tokenId: IDS.token } }),
          ),
      },
      find: { call: (tokens, tenantId) => tokens.find(tenantId, "TOKEN") },
      search: { call: (tokens, tenantId) => tokens.search(tenantId, SEARCH) },
    },
  }),
  suiteOf<KyselyBurnRepository>({
    name: "KyselyBurnRepository",
    service: "catalog",
    open: (database) => new KyselyBurnRepository(database),
    cases: {
      record: {
        call: (burns, tenantId) =>
          burns.record(tenantId, burnOf("OTHER"), (tokenId) =>
            announcementOf(tenantId, { type: "burn.created", payload: { tokenId } }),
          ),
      },
    },
  }),
  suiteOf<KyselyLeaderboardRepository>({
    name: "KyselyLeaderboardRepository",
    service: "catalog",
    open: ({ kysely }) => new KyselyLeaderboardRepository(kysely),
    cases: {
      readBoard: {
        call: (boards, tenantId) =>
          boards.readBoard({
            scope: { tenantId },
            type: "most-burned",
            period: "all",
            offset: 0,
            limit: 10,
          }),
      },
      advance: {
        acrossTenants: "the scorer keeps the scores of all boards",
        call: (boards) => boards.advance(),
      },
    },
  }),
  suiteOf<KyselyPoolRepository>({
    name: "KyselyPoolRepository",
    service: "catalog",
    open: ({ kysely }) => new KyselyPoolRepository(kysely),
    cases: {
      create: {
        harmless: OWN_ROW,
        call: (pools, tenantId) =>
          pools.create(
            tenantId,
            {
              poolId: `pool-${tenantId}`,
              name: "Final",
              category: "sports",
              token: "USDC",
              endTime: AT,
              stakedStroops: 5n,
              createdAt: AT,
            },
            poolEvent(tenantId, `create-${tenantId}`),
          ),
      },
      placePrediction: {
        call: (pools, tenantId) =>
          pools.placePrediction(
            tenantId,
            { poolId: "pool", userAddress: "G1", outcome: "yes", amountStroops: 1n },
            poolEvent(tenantId, "place"),
          ),
      },
      close: {
        call: (pools, tenantId) => pools.close(tenantId, "pool", poolEvent(tenantId, "close")),
      },
      settle: {
        call: (pools, tenantId) => pools.settle(tenantId, "pool", "no", poolEvent(tenantId, "end")),
      },
      find: { acrossTenants: PUBLIC, call: (pools) => pools.find("pool") },
      list: {
        acrossTenants: PUBLIC,
        call: (pools) => pools.list({}, { sort: "newest", limit: 10 }),
      },
      readTotals: { acrossTenants: PUBLIC, call: (pools) => pools.readTotals({}) },
      recount: { acrossTenants: PUBLIC, call: (pools) => pools.recount() },
    },
  }),
  suiteOf<KyselyOutboxRepository>({
    name: "KyselyOutboxRepository",
    service: "catalog",
    role: "orrery_relay",
    open: ({ kysely }) => new KyselyOutboxRepository(kysely),
    cases: {
      relay: { acrossTenants: ANNOUNCED, call: (outbox) => outbox.relay(10) },
      readGeneration: {
        acrossTenants: ANNOUNCED,
        call: (outbox) => outbox.readGeneration("topic"),
      },
      readLatestGeneration: {
        acrossTenants: ANNOUNCED,
        call: (outbox) => outbox.readLatestGeneration(),
      },
      readNews: { acrossTenants: ANNOUNCED, call: (outbox) => outbox.readNews(0n) },
    },
  }),
];
