import { connectRedis, type RedisConnection } from "../../cache/redis-connection.ts";
import type { EventType } from "../../contracts/events.ts";
import type { Delivery, EventBus, EventSubscription, PlacedEvent, Reading } from "./event-bus.ts";
import { readEntry, writeEntry } from "./stream-entry.ts";
import { APPEND_SCRIPT, READ_SCRIPT, RECOVER_SCRIPT } from "./stream-scripts.ts";

export interface RedisEventBusOptions {
  url: string;
  /** How many events of a topic are held; older ones are trimmed, read or not. */
  maxLength: number;
  timeoutMs?: number;
  /** Told of connection errors. */
  onError: (error: unknown) => void;
}

type Entry = [id: string, fields: string[]];

/** An event is worth waiting for, but a Redis that hangs is not. */
const TIMEOUT_MS = 1_000;
/** A topic without events for so long leaves nothing behind, be it that nobody publishes any more. */
const IDLE_LIFE_MS = 7 * 86_400_000;

/**
 * Redis knows all consumers of a group as one: nobody asks whose an entry is, only how long it has
 * waited, and a name per process would stay in the group for ever.
 */
const CONSUMER = "consumer";

/**
 * A stream per topic, `orrery:events:{topic}`, whose entries have the events' positions for ids, so
 * that Redis itself refuses what was published before. No command names two keys.
 */
export class RedisEventBus implements EventBus {
  readonly #redis: RedisConnection;
  readonly #options: RedisEventBusOptions;

  constructor(options: RedisEventBusOptions) {
    this.#options = options;
    this.#redis = connectRedis(options);
  }

  get isReady(): boolean {
    return this.#redis.isReady;
  }

  readLastPosition(topic: EventType): Promise<bigint> {
    return this.append(topic, []);
  }

  async append(topic: EventType, events: readonly PlacedEvent[]): Promise<bigint> {
    const entries = events.flatMap(({ position, event }) => [String(position), writeEntry(event)]);
    const last = await this.#call(() =>
      this.#redis.eval(APPEND_SCRIPT, {
        keys: [keyOf(topic)],
        arguments: [String(this.#options.maxLength), String(IDLE_LIFE_MS), ...entries],
      }),
    );
    return BigInt(last as unknown as string);
  }

  async drop(topic: EventType): Promise<void> {
    await this.#call(() => this.#redis.del(keyOf(topic)));
  }

  subscribe(group: string, topic: EventType): EventSubscription {
    const call: Call = (command) => this.#call(command);
    return new RedisSubscription(this.#redis, call, { key: keyOf(topic), group });
  }

  async close(): Promise<void> {
    this.#redis.destroy();
  }

  /** What comes too late is let go: whatever it did, doing it again is harmless. */
  async #call<Reply>(command: () => Promise<Reply>): Promise<Reply> {
    const { timeoutMs = TIMEOUT_MS } = this.#options;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`Redis has not answered for ${timeoutMs} ms`)),
      timeoutMs,
    );
    try {
      return await Promise.race([command(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

type Call = <Reply>(command: () => Promise<Reply>) => Promise<Reply>;

class RedisSubscription implements EventSubscription {
  readonly #redis: RedisConnection;
  readonly #call: Call;
  readonly #names: { readonly key: string; readonly group: string };

  constructor(redis: RedisConnection, call: Call, names: { key: string; group: string }) {
    this.#redis = redis;
    this.#call = call;
    this.#names = names;
  }

  async read(limit: number): Promise<Reading> {
    const { key, group } = this.#names;
    const reply = await this.#call(() =>
      this.#redis.eval(READ_SCRIPT, { keys: [key], arguments: [group, CONSUMER, String(limit)] }),
    );
    const [missed, behind, entries] = reply as unknown as [number, number, Entry[]];
    return { deliveries: entries.map((entry) => deliveryOf(entry, 1)), missed, behind };
  }

  async recover(limit: number, idleMs: number, after = 0n) {
    const { key, group } = this.#names;
    const reply = await this.#call(() =>
      this.#redis.eval(RECOVER_SCRIPT, {
        keys: [key],
        arguments: [group, CONSUMER, String(limit), String(idleMs), idOf(after)],
      }),
    );
    const [missed, claimed] = reply as unknown as [number, [Entry, number][]];
    return { deliveries: claimed.map(([entry, count]) => deliveryOf(entry, count)), missed };
  }

  async acknowledge({ position }: Delivery): Promise<void> {
    const { key, group } = this.#names;
    await this.#call(() => this.#redis.xAck(key, group, idOf(position)));
  }

  async giveBack(deliveries: readonly Delivery[]): Promise<void> {
    const { key, group } = this.#names;
    const giveBack = ({ position, deliveries: count }: Delivery) =>
      this.#redis.xClaimJustId(key, group, CONSUMER, 0, idOf(position), {
        // Recoverable at once, whatever the idle time asked for.
        TIME: 0,
        RETRYCOUNT: count - 1,
      });
    await this.#call(() => Promise.all(deliveries.map(giveBack)));
  }
}

function keyOf(topic: EventType): string {
  return `orrery:events:${topic}`;
}

function idOf(position: bigint): string {
  return `${position}-0`;
}

function deliveryOf([id, fields]: Entry, deliveries: number): Delivery {
  const position = BigInt(id.split("-")[0] ?? 0);
  return { position, event: readEntry(fields[fields.indexOf("event") + 1]), deliveries };
}
