import { KyselyBurnRepository } from "../burn/burn-repository.kysely.ts";
import type { Database } from "../database.ts";
import { KyselyLeaderboardRepository } from "../leaderboard/leaderboard-repository.kysely.ts";
import { KyselyOutboxRepository } from "../outbox/outbox-repository.kysely.ts";
import { KyselyPoolRepository } from "../pool/pool-repository.kysely.ts";
import { type CatalogAdapters, NOW_MS } from "./catalog-fixtures.contract.ts";
import { KyselyTokenRepository } from "./token-repository.kysely.ts";

/** Adapters over an emptied database; only the boards' windows follow the test's time. */
export async function makeKyselyAdapters(test: {
  database(): Database;
  empty(): Promise<void>;
}): Promise<CatalogAdapters> {
  await test.empty();
  const time = { nowMs: NOW_MS };
  const clock = () => time.nowMs;
  const database = test.database();
  const { kysely } = database;
  return {
    tokens: new KyselyTokenRepository(kysely),
    burns: new KyselyBurnRepository(database, clock),
    boards: new KyselyLeaderboardRepository(kysely, clock),
    pools: new KyselyPoolRepository(kysely),
    outbox: new KyselyOutboxRepository(kysely),
    time,
  };
}
