import { RESP_TYPES } from "redis";
import type { Clock } from "../contracts/clock.ts";
import { Breaker } from "./breaker.ts";
import { connectRedis, type RedisConnection } from "./redis-connection.ts";
import type { StoredValue, ValueStore } from "./value-store.ts";

export interface RedisValueStoreOptions {
  url: string;
  clock: Clock;
  /** Told of every connection error; the store goes on without Redis and comes back by itself. */
  onError: (error: unknown) => void;
  /** How long a command may take before its answer is done without. */
  timeoutMs?: number;
}

/** A cache that is slower than the database is no help. */
const TIMEOUT_MS = 100;
const NEWLINE = 10;
const HEAD = /^(\d{1,19}) (\d{1,9})$/;
const END_TURN = `
  if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end
  return 0
`;

/**
 * Values in Redis: one key each, `<generation> <grace in ms>\n<bytes>`, expiring by themselves.
 * Every command has one key, so that a cluster may hold them.
 */
export class RedisValueStore implements ValueStore {
  readonly #client: RedisConnection;
  readonly #breaker: Breaker;

  constructor(options: RedisValueStoreOptions) {
    this.#client = connectRedis(options);
    this.#breaker = new Breaker(options.timeoutMs ?? TIMEOUT_MS, options.clock);
  }

  async find(key: string): Promise<StoredValue | undefined> {
    return this.#attempt(async () => {
      const bytes = this.#client.withTypeMapping({ [RESP_TYPES.BLOB_STRING]: Buffer });
      const [stored, ttlMs] = await Promise.all([bytes.get(key), this.#client.pTTL(key)]);
      if (stored === null || ttlMs <= 0) return undefined;
      const end = stored.indexOf(NEWLINE);
      const [, generation, graceMs] = HEAD.exec(stored.toString("latin1", 0, end)) ?? [];
      if (generation === undefined || graceMs === undefined) return undefined;
      return {
        generation: BigInt(generation),
        body: stored.subarray(end + 1),
        ttlMs,
        graceMs: Number(graceMs),
      };
    });
  }

  async store(key: string, { generation, body, ttlMs, graceMs }: StoredValue): Promise<void> {
    const head = Buffer.from(`${generation} ${Math.round(graceMs)}\n`);
    await this.#attempt(() =>
      this.#client.set(key, Buffer.concat([head, body]), {
        expiration: { type: "PX", value: Math.max(1, Math.round(ttlMs)) },
      }),
    );
  }

  async takeTurn(key: string, token: string, leaseMs: number): Promise<boolean | undefined> {
    const answer = await this.#attempt(() =>
      this.#client.set(turnKey(key), token, {
        condition: "NX",
        expiration: { type: "PX", value: leaseMs },
      }),
    );
    return answer === undefined ? undefined : answer === "OK";
  }

  async endTurn(key: string, token: string): Promise<void> {
    await this.#attempt(() =>
      this.#client.eval(END_TURN, { keys: [turnKey(key)], arguments: [token] }),
    );
  }

  /** Whether Redis answers, for the health check. */
  async isReachable(): Promise<boolean> {
    return (await this.#attempt(() => this.#client.ping())) === "PONG";
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  async #attempt<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
    return this.#client.isReady ? this.#breaker.attempt(call) : undefined;
  }
}

/** No value's key has a bar. */
function turnKey(key: string): string {
  return `turn|${key}`;
}
