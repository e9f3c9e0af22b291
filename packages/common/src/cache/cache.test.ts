import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { DomainEvent } from "../contracts/events.ts";
import { uuidv7 } from "../contracts/id.ts";
import { MemoryOutboxRepository } from "../repositories/outbox/outbox-repository.memory.ts";
import { Cache, type CacheRead } from "./cache.ts";
import { MemoryValueStore } from "./value-store.memory.ts";
import type { ValueStore } from "./value-store.ts";

const clock = () => Date.now();
const TOPIC = "stats";

/** Instances over one database, whose only row is `number`. */
function world() {
  const outbox = new MemoryOutboxRepository(clock);
  const data = {
    number: 0,
    computed: 0,
    isAway: false,
    generationHeld: Promise.resolve(),
  };
  const instances: Cache[] = [];
  const news = {
    readLatestGeneration: () => outbox.readLatestGeneration(),
    readNews: async (since: bigint) => {
      if (data.isAway) throw new Error("away");
      return outbox.readNews(since);
    },
  };
  const open = async (values?: ValueStore, maxBytes?: number) => {
    const cache = new Cache({
      generations: {
        readGeneration: async (topic) => {
          const generation = await outbox.readGeneration(topic);
          await data.generationHeld;
          return generation;
        },
      },
      news,
      values,
      clock,
      observer: { requested: () => {}, recomputed: () => {} },
      onError: () => {},
      ...(maxBytes === undefined ? {} : { maxBytes }),
    });
    await cache.start();
    instances.push(cache);
    return cache;
  };
  const write = () => {
    data.number += 1;
    const event: DomainEvent = {
      id: uuidv7(),
      type: "pool.created",
      tenantId: "acme",
      occurredAt: new Date(clock()),
      payload: { poolId: "p" },
    };
    return outbox.append({ event, topics: [TOPIC] });
  };
  const read = async (cache: Cache, fields: Partial<CacheRead> = {}) => {
    const { value, result } = await cache.read({
      cache: "stats",
      key: "stats:all:all",
      topic: TOPIC,
      ttlMs: 30_000,
      compute: async () => {
        data.computed += 1;
        return { value: data.number };
      },
      ...fields,
    });
    return [Number(value.body.toString()), result];
  };
  /** A computation that has read and is still under way until it is let go. */
  const heldCompute = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const started = Promise.withResolvers<void>();
    const compute = async () => {
      const value = data.number;
      started.resolve();
      await promise;
      return { value };
    };
    return { compute, letGo: resolve, started: started.promise };
  };
  const close = () => Promise.all(instances.map((cache) => cache.close()));
  return { outbox, data, open, write, read, heldCompute, close };
}

describe("a cache", () => {
  let test: ReturnType<typeof world>;
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
    test = world();
  });
  afterEach(async () => {
    await test.close();
    vi.useRealTimers();
  });

  it("computes once and then serves what it has", async () => {
    const cache = await test.open();
    expect(await test.read(cache)).toEqual([0, "miss"]);
    expect(await test.read(cache)).toEqual([0, "hit"]);
    expect(test.data.computed).toBe(1);
  });

  it("computes once for a hundred cold reads at a time", async () => {
    const cache = await test.open();
    await Promise.all(Array.from({ length: 100 }, () => test.read(cache)));
    expect(test.data.computed).toBe(1);
  });

  it("serves its own instance's write at once", async () => {
    const cache = await test.open();
    await test.read(cache);
    cache.noteWrite([TOPIC], test.write());
    expect(await test.read(cache)).toEqual([1, "miss"]);
    expect(await test.read(cache)).toEqual([1, "hit"]);
  });

  it("keeps nothing of a computation that its own write overtook, and lets no one join it", async () => {
    const cache = await test.open();
    const held = test.heldCompute();
    const early = test.read(cache, { compute: held.compute });
    await held.started;
    cache.noteWrite([TOPIC], test.write());
    expect(await test.read(cache)).toEqual([1, "miss"]);
    held.letGo();
    expect(await early).toEqual([0, "miss"]);
    expect(await test.read(cache)).toEqual([1, "hit"]);
  });

  it("keeps nothing of a computation that another's write overtook and the news told of", async () => {
    const cache = await test.open();
    const held = test.heldCompute();
    const early = test.read(cache, { compute: held.compute });
    await held.started;
    test.write();
    await test.outbox.relay(10);
    await vi.advanceTimersByTimeAsync(500);
    held.letGo();
    await early;
    expect(await test.read(cache)).toEqual([1, "miss"]);
  });

  it("keeps nothing under a generation that it read before news of a younger one", async () => {
    const cache = await test.open();
    const held = Promise.withResolvers<void>();
    test.data.generationHeld = held.promise;
    const early = test.read(cache, { compute: async () => ({ value: 0 }) });
    await vi.advanceTimersByTimeAsync(0);
    test.write();
    await test.outbox.relay(10);
    await vi.advanceTimersByTimeAsync(500);
    held.resolve();
    await early;
    expect(await test.read(cache)).toEqual([1, "miss"]);
  });

  it("drops a value once the news tells of a write that overtook its computation", async () => {
    const cache = await test.open();
    const held = test.heldCompute();
    const early = test.read(cache, { compute: held.compute });
    await held.started;
    test.write();
    await test.outbox.relay(10);
    held.letGo();
    await early;
    expect(await test.read(cache)).toEqual([0, "hit"]);
    await vi.advanceTimersByTimeAsync(500);
    expect(await test.read(cache)).toEqual([1, "miss"]);
  });

  it("serves another instance's write at the next look at the generations", async () => {
    const cache = await test.open();
    await test.read(cache);
    test.write();
    await test.outbox.relay(10);
    await vi.advanceTimersByTimeAsync(500);
    expect(await test.read(cache)).toEqual([1, "miss"]);
  });

  it("bypasses what it holds when it had no news for a second, and comes back", async () => {
    const cache = await test.open();
    await test.read(cache);
    test.data.isAway = true;
    test.data.number = 7;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await test.read(cache)).toEqual([0, "hit"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await test.read(cache)).toEqual([7, "bypass"]);
    test.data.isAway = false;
    await vi.advanceTimersByTimeAsync(500);
    expect(await test.read(cache)).toEqual([7, "hit"]);
  });

  it("bypasses what it holds within a second when no relay takes the writes", async () => {
    const cache = await test.open();
    await test.read(cache);
    await vi.advanceTimersByTimeAsync(100);
    test.write();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await test.read(cache)).toEqual([1, "bypass"]);
    await test.outbox.relay(10);
    await vi.advanceTimersByTimeAsync(500);
    expect(await test.read(cache)).toEqual([1, "miss"]);
  });

  it("counts how long a write has waited since the last look, which then saw it in the queue", async () => {
    const cache = await test.open();
    await test.read(cache);
    await vi.advanceTimersByTimeAsync(100);
    test.write();
    await vi.advanceTimersByTimeAsync(400);
    test.data.isAway = true;
    await vi.advanceTimersByTimeAsync(600);
    expect(await test.read(cache)).toEqual([0, "hit"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await test.read(cache)).toEqual([1, "bypass"]);
  });

  it("takes no shared value of a generation that the news has overtaken meanwhile", async () => {
    const values = new MemoryValueStore(clock);
    const [first, second] = [await test.open(values), await test.open(values)];
    await test.read(first);
    const held = Promise.withResolvers<void>();
    test.data.generationHeld = held.promise;
    const reading = test.read(second);
    await vi.advanceTimersByTimeAsync(0);
    test.write();
    const batch = await test.outbox.relay(10);
    second.applyRaised(batch?.raised ?? []);
    held.resolve();
    expect(await reading).toEqual([1, "miss"]);
  });

  it("shares values between instances of one generation", async () => {
    const values = new MemoryValueStore(clock);
    const [first, second] = [await test.open(values), await test.open(values)];
    await test.read(first);
    expect(await test.read(second)).toEqual([0, "hit"]);
    expect(test.data.computed).toBe(1);
  });

  it("never takes a shared value that is older than its own write, relayed or not", async () => {
    const values = new MemoryValueStore(clock);
    const [writer, other] = [await test.open(values), await test.open(values)];
    await test.read(other);
    writer.noteWrite([TOPIC], test.write());
    expect(await test.read(writer)).toEqual([1, "miss"]);
    // The other still computes under the old generation, from before the write as it were.
    await values.store("stats:all:all", {
      generation: 0n,
      body: Buffer.from("0"),
      ttlMs: 9_999,
      graceMs: 0,
    });
    expect(await test.read(writer, { key: "stats:x:all" })).toEqual([1, "miss"]);
    await vi.advanceTimersByTimeAsync(400);
    await test.outbox.relay(10);
    await vi.advanceTimersByTimeAsync(500);
    expect(await test.read(writer)).toEqual([1, "miss"]);
    expect(await test.read(other)).toEqual([1, "hit"]);
  });

  it("serves an expired value while one computation replaces it", async () => {
    const cache = await test.open();
    await test.read(cache, { ttlMs: 800 });
    test.data.number = 1;
    await vi.advanceTimersByTimeAsync(799);
    expect(await test.read(cache)).toEqual([0, "hit"]);
    expect(test.data.computed).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(await Promise.all([test.read(cache), test.read(cache)])).toEqual([
      [0, "hit"],
      [0, "hit"],
    ]);
    await vi.advanceTimersByTimeAsync(0);
    expect(await test.read(cache)).toEqual([1, "hit"]);
    expect(test.data.computed).toBe(2);
  });

  it("serves an expired value for 5 s when it cannot be computed anew, and no longer", async () => {
    const cache = await test.open();
    await test.read(cache, { ttlMs: 800 });
    const compute = async () => {
      throw new Error("the database is away");
    };
    await vi.advanceTimersByTimeAsync(800 + 4_999);
    expect(await test.read(cache, { compute })).toEqual([0, "hit"]);
    await vi.advanceTimersByTimeAsync(1);
    await expect(test.read(cache, { compute })).rejects.toThrow("away");
  });

  it("serves no expired value whose topic was raised", async () => {
    const cache = await test.open();
    await test.read(cache, { ttlMs: 800 });
    await vi.advanceTimersByTimeAsync(900);
    cache.noteWrite([TOPIC], test.write());
    expect(await test.read(cache)).toEqual([1, "miss"]);
  });

  it("serves a value no longer than time leaves it true", async () => {
    const cache = await test.open();
    const compute = async () => ({ value: test.data.number, changesInMs: 600 });
    expect(await test.read(cache, { compute })).toEqual([0, "miss"]);
    test.data.number = 2;
    await vi.advanceTimersByTimeAsync(599);
    expect(await test.read(cache)).toEqual([0, "hit"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await test.read(cache)).toEqual([2, "miss"]);
  });

  it("keeps no failure", async () => {
    const cache = await test.open();
    const compute = async () => {
      throw new Error("the database is away");
    };
    await expect(test.read(cache, { compute })).rejects.toThrow("away");
    expect(await test.read(cache)).toEqual([0, "miss"]);
  });

  it("holds no more than its bound, the least recently used value going first", async () => {
    const cache = await test.open(undefined, 2_000);
    for (const key of ["a", "b", "c"]) await test.read(cache, { key });
    await test.read(cache, { key: "a" });
    await test.read(cache, { key: "d" });
    expect(await test.read(cache, { key: "a" })).toEqual([0, "hit"]);
    expect(await test.read(cache, { key: "b" })).toEqual([0, "miss"]);
  });
});
