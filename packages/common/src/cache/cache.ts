import type { Clock } from "../contracts/clock.ts";
import type { OutboxRepository, RaisedTopic } from "../repositories/outbox/outbox-repository.ts";
import { type CachedValue, cachedValueOf } from "./cached-value.ts";
import { computeInTurn } from "./compute-in-turn.ts";
import { GenerationWatch } from "./generation-watch.ts";
import type { StoredValue, ValueStore } from "./value-store.ts";
import { ValueTier } from "./value-tier.ts";

export type CacheResult = "hit" | "miss" | "bypass";

export interface CacheRead {
  /** Which cache it is, for the metrics. */
  readonly cache: string;
  readonly key: string;
  /** What, once raised, makes the value old. */
  readonly topic: string;
  /** The safety net; invalidation does the work. */
  readonly ttlMs: number;
  /**
   * The answer as the primary has it now. `changesInMs`: when time alone may change it; it is not
   * served longer.
   */
  readonly compute: () => Promise<{ value: unknown; changesInMs?: number | undefined }>;
}

export interface CacheObserver {
  requested(cache: string, result: CacheResult): void;
  recomputed(cache: string, seconds: number): void;
}

export interface CacheOptions {
  /** What a recomputation begins with; on the connections of requests. */
  generations: Pick<OutboxRepository, "readGeneration">;
  /** What the watch looks at; on connections that requests cannot use up. */
  news: Pick<OutboxRepository, "readLatestGeneration" | "readNews">;
  /** Undefined: this process's own tier alone. */
  values: ValueStore | undefined;
  /** Steady milliseconds. */
  clock: Clock;
  observer: CacheObserver;
  onError: (error: unknown) => void;
  maxBytes?: number;
}

interface Landed {
  readonly value: CachedValue;
  /** Taken from the value store instead of computed. */
  readonly isShared: boolean;
}

/** One recomputation, shared by those who ask while it is young. */
interface Flight {
  readonly topic: string;
  readonly startedAtMs: number;
  readonly result: Promise<Landed>;
  generation: bigint | undefined;
  /** What it must have read to be kept. */
  minGeneration: bigint;
  isOutdated: boolean;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** An older recomputation may have read before a write that the asker knows of. */
const JOINABLE_FOR_MS = 500;
/** A value that time changes at every moment is still kept for so long. */
const MIN_TTL_MS = 250;
/** How long after its time to live a value is served while it is computed anew. */
const GRACE_MS = 5_000;

/**
 * Values that are never stale past the bound: at once on the instance that took a write, within 1 s
 * on every other, with or without a value store.
 * @see docs/caching.md
 */
export class Cache {
  readonly #options: CacheOptions;
  readonly #watch: GenerationWatch;
  readonly #tier: ValueTier;
  readonly #flights = new Map<string, Flight>();
  readonly #listeners = new Set<(topic: string) => void>();

  constructor(options: CacheOptions) {
    this.#options = options;
    this.#tier = new ValueTier(options.maxBytes ?? MAX_BYTES);
    this.#watch = new GenerationWatch({
      news: options.news,
      clock: options.clock,
      onRaised: (raised) => this.applyRaised(raised),
      onError: options.onError,
    });
  }

  start(): Promise<void> {
    return this.#watch.start();
  }

  close(): Promise<void> {
    return this.#watch.close();
  }

  /** How long the oldest write has waited for a relay, at the last look. */
  get queuedForMs(): number {
    return this.#watch.queuedForMs;
  }

  /** Tells of every topic whose values have become old, until the function that it gives is called. */
  subscribe(listener: (topic: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async read(read: CacheRead): Promise<{ value: CachedValue; result: CacheResult }> {
    const { key, cache } = read;
    const isSighted = this.#watch.isSighted;
    const entry = isSighted ? this.#tier.find(key) : undefined;
    const nowMs = this.#options.clock();
    if (entry !== undefined && entry.graceEndsAtMs > nowMs) {
      if (entry.expiresAtMs <= nowMs) this.#refresh(read);
      this.#options.observer.requested(cache, "hit");
      return { value: entry.value, result: "hit" };
    }
    const { value, isShared } = await this.#join(read, isSighted);
    const result = !isSighted ? "bypass" : isShared ? "hit" : "miss";
    this.#options.observer.requested(cache, result);
    return { value, result };
  }

  /**
   * This instance's write has committed: from now on nothing older is served here. Call it before
   * the write is answered. `sequence`: its place in the outbox.
   */
  noteWrite(topics: readonly string[], sequence: bigint): void {
    for (const topic of topics) {
      this.#watch.addOwnWrite(topic, sequence);
      this.#tier.drop(topic);
      this.#outdate(topic, () => true);
      this.#tell(topic);
    }
  }

  /** Generations that were raised: what was computed under an older one is dead. */
  applyRaised(raised: readonly RaisedTopic[]): void {
    for (const { topic, generation } of raised) {
      this.#tier.drop(topic, generation);
      this.#outdate(topic, (flight) => {
        if (generation > flight.minGeneration) flight.minGeneration = generation;
        return flight.generation !== undefined && flight.generation < generation;
      });
      this.#tell(topic);
    }
  }

  #tell(topic: string): void {
    for (const listener of this.#listeners) listener(topic);
  }

  #outdate(topic: string, isOutdated: (flight: Flight) => boolean): void {
    for (const [key, flight] of this.#flights) {
      if (flight.topic !== topic || !isOutdated(flight)) continue;
      flight.isOutdated = true;
      this.#flights.delete(key);
    }
  }

  /** Computes an expired value anew behind those who are served it; once, however many they are. */
  #refresh(read: CacheRead): void {
    if (this.#flights.has(flightKeyOf(read, true))) return;
    this.#join(read, true).catch(this.#options.onError);
  }

  #join(read: CacheRead, isSighted: boolean): Promise<Landed> {
    const nowMs = this.#options.clock();
    const flightKey = flightKeyOf(read, isSighted);
    const running = this.#flights.get(flightKey);
    if (running !== undefined && nowMs - running.startedAtMs <= JOINABLE_FOR_MS) {
      return running.result;
    }
    const { promise, resolve, reject } = Promise.withResolvers<Landed>();
    const flight: Flight = {
      topic: read.topic,
      startedAtMs: nowMs,
      result: promise,
      generation: undefined,
      minGeneration: 0n,
      isOutdated: false,
    };
    this.#flights.set(flightKey, flight);
    this.#fly(read, flight, isSighted)
      .then(resolve, reject)
      .finally(() => {
        if (this.#flights.get(flightKey) === flight) this.#flights.delete(flightKey);
      });
    return promise;
  }

  /** The generation first, then the value: what a write overtakes lands under a dead generation. */
  async #fly(read: CacheRead, flight: Flight, isSighted: boolean): Promise<Landed> {
    const { values, clock } = this.#options;
    flight.generation = await this.#readGeneration(read);
    const compute = async () => ({ value: await this.#compute(read, flight), isShared: false });
    if (!isSighted || values === undefined) return compute();
    const findShared = () => this.#findShared(read, flight, values);
    return computeInTurn({ values, key: read.key, clock, findShared, compute });
  }

  /** What the store has, if it is of the topic's generation and covers this instance's writes. */
  async #findShared(
    read: CacheRead,
    flight: Flight,
    values: ValueStore,
  ): Promise<Landed | undefined> {
    if (this.#watch.hasOwnWrites(read.topic)) return undefined;
    const stored = await values.find(read.key);
    if (stored === undefined || flight.generation === undefined) return undefined;
    // Another instance has read a younger generation: so would a look at it now.
    if (stored.generation > flight.generation) {
      flight.generation = await this.#readGeneration(read);
    }
    // News, or a write of this instance, may have come while the store was asked.
    if (stored.generation !== flight.generation || isDead(flight)) return undefined;
    const value = cachedValueOf(stored.body);
    this.#keep(read, flight, value, this.#options.clock(), stored);
    return { value, isShared: true };
  }

  async #compute(read: CacheRead, flight: Flight): Promise<CachedValue> {
    const { clock, observer, values } = this.#options;
    const startedAtMs = clock();
    const { value: answer, changesInMs = Number.POSITIVE_INFINITY } = await read.compute();
    const value = cachedValueOf(Buffer.from(JSON.stringify(answer)));
    observer.recomputed(read.cache, (clock() - startedAtMs) / 1_000);
    const trueForMs = Math.max(changesInMs, MIN_TTL_MS);
    const ttlMs = Math.min(read.ttlMs, trueForMs);
    const life = { ttlMs, graceMs: Math.min(GRACE_MS, trueForMs - ttlMs) };
    const { generation } = flight;
    if (this.#keep(read, flight, value, startedAtMs, life) && generation !== undefined) {
      void values?.store(read.key, { generation, body: value.body, ...life });
    }
    return value;
  }

  #readGeneration(read: CacheRead): Promise<bigint> {
    return this.#options.generations.readGeneration(read.topic);
  }

  /** False: it is old already. */
  #keep(
    read: CacheRead,
    flight: Flight,
    value: CachedValue,
    sinceMs: number,
    { ttlMs, graceMs }: Pick<StoredValue, "ttlMs" | "graceMs">,
  ): boolean {
    const { generation, topic } = flight;
    if (generation === undefined || isDead(flight)) return false;
    const expiresAtMs = sinceMs + ttlMs;
    const graceEndsAtMs = expiresAtMs + graceMs;
    this.#tier.set(read.key, { value, topic, generation, expiresAtMs, graceEndsAtMs });
    return true;
  }
}

/** Whether what was computed under the flight's generation is known to be old. */
function isDead({ generation, minGeneration, isOutdated }: Flight): boolean {
  return isOutdated || (generation !== undefined && generation < minGeneration);
}

function flightKeyOf({ key }: CacheRead, isSighted: boolean): string {
  return `${isSighted ? "sighted" : "blind"} ${key}`;
}
