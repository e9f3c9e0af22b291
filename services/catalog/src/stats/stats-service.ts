import type { Cache, CacheResult } from "@orrery/common/cache/cache";
import { keyPart } from "@orrery/common/cache/cache-key";
import type { CachedValue } from "@orrery/common/cache/cached-value";
import { formatUsdc } from "@orrery/common/contracts/money";
import type { PoolRepository, PoolStatus } from "@orrery/common/repositories/pool/pool-repository";
import { STATS_TOPIC } from "../catalog-topics.ts";

export interface StatsRequest {
  category?: string;
  status?: PoolStatus;
}

const STATS_TTL_MS = 30_000;
const UNFILTERED = "all";

/** The platform's sums over pools, through the cache. */
export class StatsService {
  readonly #pools: PoolRepository;
  readonly #cache: Cache;

  constructor(pools: PoolRepository, cache: Cache) {
    this.#pools = pools;
    this.#cache = cache;
  }

  read(request: StatsRequest): Promise<{ value: CachedValue; result: CacheResult }> {
    return this.#cache.read({
      cache: "stats",
      key: statsKey(request),
      topic: STATS_TOPIC,
      ttlMs: STATS_TTL_MS,
      compute: async () => {
        const totals = await this.#pools.readTotals(request);
        return {
          value: {
            totalValueLocked: formatUsdc(totals.stakedStroops),
            totalBets: totals.predictionCount,
            totalPools: totals.poolCount,
          },
        };
      },
    });
  }
}

/** A category named `all` is not the same as none. */
export function statsKey({ category, status }: StatsRequest): string {
  const part = category === undefined ? UNFILTERED : keyPart(category, [UNFILTERED]);
  return `stats:${part}:${status ?? UNFILTERED}`;
}
