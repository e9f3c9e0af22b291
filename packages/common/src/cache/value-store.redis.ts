import { createClient, RESP_TYPES } from "redis";
import type { Clock } from "../contracts/clock.ts";
import { Breaker } from "./breaker.ts";
import type { StoredValue, ValueStore } from "./value-store.ts";

export interface RedisValueStoreOptions {
  url: string;
  clock: Clock;
  /** Told of every connection error; the store goes on without Redis and comes back by itself. */
  onError: (error: unknown) => void;
}

/** A cache that is slower than the database is no help. */
const TIMEOUT_MS = 100;
const CONNECT_TIMEOUT_MS = 2_000;
const MAX_RECONNECT_DELAY_MS = 1_000;
const NEWLINE = 10;

function connect({ url, onError }: RedisValueStoreOptions) {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      reconnectStrategy: (retries) =>
        Math.min(50 * 2 ** Math.min(retries, 5), MAX_RECONNECT_DELAY_MS),
    },
  });
  client.on("error", onError);
  // The reconnect strategy never gives up, so that this settles by connecting or by closing.
  client.connect().catch(onError);
  return client;
}

/** Values in Redis: one key each, `<generation>\n<bytes>`, expiring by themselves. */
export class RedisValueStore implements ValueStore {
  readonly #client: ReturnType<typeof connect>;
  readonly #breaker: Breaker;

  constructor(options: RedisValueStoreOptions) {
    this.#client = connect(options);
    this.#breaker = new Breaker(TIMEOUT_MS, options.clock);
  }

  async find(key: string): Promise<StoredValue | undefined> {
    if (!this.#client.isReady) return undefined;
    return this.#breaker.attempt(async () => {
      const bytes = this.#client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
      const [stored, ttlMs] = await Promise.all([bytes.get(key), this.#client.pTTL(key)]);
      if (stored === null || ttlMs <= 0) return undefined;
      const end = stored.indexOf(NEWLINE);
      const generation = stored.toString("latin1", 0, end);
      if (end < 0 || !/^\d{1,19}$/.test(generation)) return undefined;
      return { generation: BigInt(generation), body: stored.subarray(end + 1), ttlMs };
    });
  }

  async store(key: string, { generation, body, ttlMs }: StoredValue): Promise<void> {
    if (!this.#client.isReady) return;
    const bytes = Buffer.concat([Buffer.from(`${generation}\n`), body]);
    await this.#breaker.attempt(() =>
      this.#client.set(key, bytes, {
        expiration: { type: "PX", value: Math.max(1, Math.round(ttlMs)) },
      }),
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
