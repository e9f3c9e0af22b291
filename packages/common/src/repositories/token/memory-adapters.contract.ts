import { MemoryBurnRepository } from "../burn/burn-repository.memory.ts";
import { MemoryLeaderboardRepository } from "../leaderboard/leaderboard-repository.memory.ts";
import { MemoryOutboxRepository } from "../outbox/outbox-repository.memory.ts";
import { MemoryPoolRepository } from "../pool/pool-repository.memory.ts";
import { type CatalogAdapters, NOW_MS } from "./catalog-fixtures.contract.ts";
import { MemoryCatalog } from "./memory-catalog.ts";
import { MemoryTokenRepository } from "./token-repository.memory.ts";

export async function makeMemoryAdapters(): Promise<CatalogAdapters> {
  const time = { nowMs: NOW_MS };
  const clock = () => time.nowMs;
  const catalog = new MemoryCatalog();
  const outbox = new MemoryOutboxRepository(clock);
  return {
    tokens: new MemoryTokenRepository(catalog, outbox),
    burns: new MemoryBurnRepository(catalog, outbox, clock),
    boards: new MemoryLeaderboardRepository(catalog, clock),
    pools: new MemoryPoolRepository(outbox),
    outbox,
    time,
  };
}
