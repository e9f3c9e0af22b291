import { Breaker } from "@orrery/common/cache/breaker";
import { connectRedis, type RedisConnection } from "@orrery/common/cache/redis-connection";
import type { Clock } from "@orrery/common/contracts/clock";
import type { Quota, QuotaStore, Taken } from "./quota-store.ts";

interface RedisQuotaStoreOptions {
  url: string;
  /** Never goes back. */
  clock: Clock;
  /** Told of every connection error; the store comes back by itself. */
  onError: (error: unknown) => void;
  /** How long a command may take before its answer is done without. */
  timeoutMs: number;
}

/**
 * The window ends by Redis's clock, whatever those of the instances say. A counter is still there in
 * the millisecond in which it ends: its window is over then, as one that never ends would be.
 */
const TAKE = `
  local ttl = redis.call("pttl", KEYS[1])
  local used = ttl > 0 and tonumber(redis.call("get", KEYS[1])) or 0
  local granted = math.max(0, math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - used))
  if ttl < 1 then
    ttl = tonumber(ARGV[3])
    redis.call("set", KEYS[1], granted, "px", ttl)
  elseif granted > 0 then
    redis.call("incrby", KEYS[1], granted)
  end
  return {used + granted, granted, ttl}
`;

/** Windows in Redis: one counter each, which expires by itself; one script per taking, on one key. */
export class RedisQuotaStore implements QuotaStore {
  readonly #client: RedisConnection;
  readonly #breaker: Breaker;

  constructor(options: RedisQuotaStoreOptions) {
    this.#client = connectRedis(options);
    this.#breaker = new Breaker(options.timeoutMs, options.clock);
  }

  async take(key: string, wanted: number, { max, windowMs }: Quota): Promise<Taken | undefined> {
    if (!this.#client.isReady) return undefined;
    const numbers = [wanted, max, windowMs].map(String);
    return this.#breaker.attempt(async () =>
      takenOf(await this.#client.eval(TAKE, { keys: [`limit:${key}`], arguments: numbers })),
    );
  }

  /** Whether Redis answers, for the health check. */
  async isReachable(): Promise<boolean> {
    if (!this.#client.isReady) return false;
    return (await this.#breaker.attempt(() => this.#client.ping())) === "PONG";
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }
}

function takenOf(answer: unknown): Taken {
  const [used, granted, resetMs] = Array.isArray(answer) ? answer.map(Number) : [];
  if (used === undefined || granted === undefined || resetMs === undefined) {
    throw new Error("the script gives three numbers");
  }
  return { used, granted, resetMs };
}
