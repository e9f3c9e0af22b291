import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DomainEvent } from "../contracts/events.ts";
import { uuidv7 } from "../contracts/id.ts";
import { MemoryOutboxRepository } from "../repositories/outbox/outbox-repository.memory.ts";
import { Cache } from "./cache.ts";
import type { ValueStore } from "./value-store.ts";

const TOPIC = "stats";
const READERS = 100;
/** Slow, so that a busy machine reaches no bound of the cache's. */
const clock = () => performance.now() / 20;

/** A store, and what happens to it. */
export interface SharedStore {
  /** The store as one more instance sees it. */
  open(): Promise<ValueStore>;
  /** The store hangs or has gone. */
  fail(): void;
  /** It is back, with what it held. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

/** What instances that share a store promise together, on real time. */
export function describeSharedCache(name: string, makeStore: () => Promise<SharedStore>): void {
  describe(`caches that share values in ${name}`, () => {
    let store: SharedStore;
    let outbox: MemoryOutboxRepository;
    let number: number;
    let computed: number;
    let opened: { cache: Cache; values: ValueStore }[];

    beforeEach(async () => {
      store = await makeStore();
      outbox = new MemoryOutboxRepository(clock);
      number = 0;
      computed = 0;
      opened = [];
    });
    afterEach(async () => {
      for (const { cache, values } of opened) {
        await cache.close();
        await values.close();
      }
      await store.close();
    });

    async function open(): Promise<Cache> {
      const values = await store.open();
      const cache = new Cache({
        generations: outbox,
        news: outbox,
        values,
        clock,
        observer: { requested: () => {}, recomputed: () => {} },
        onError: () => {},
      });
      await cache.start();
      opened.push({ cache, values });
      return cache;
    }

    /** A write that a relay takes at once, and whose news has reached nobody yet. */
    async function write(): Promise<void> {
      number += 1;
      const event: DomainEvent = {
        id: uuidv7(),
        type: "pool.created",
        tenantId: "acme",
        occurredAt: new Date(),
        payload: { poolId: "p" },
      };
      outbox.append({ event, topics: [TOPIC] });
      await outbox.relay(10);
    }

    const read = async (cache: Cache, key: string, held?: Promise<void>): Promise<number> => {
      const { value } = await cache.read({
        cache: "stats",
        key,
        topic: TOPIC,
        ttlMs: 30_000,
        compute: async () => {
          const value = number;
          computed += 1;
          await held;
          return { value };
        },
      });
      return Number(value.body.toString());
    };

    it(`computes once for ${READERS} cold readers on each of two instances`, async () => {
      const [first, second] = [await open(), await open()];
      const gate = Promise.withResolvers<void>();
      const reads = [first, second].flatMap((cache) =>
        Array.from({ length: READERS }, () => read(cache, "cold", gate.promise)),
      );
      await expect.poll(() => computed).toBe(1);
      gate.resolve();
      expect(new Set(await Promise.all(reads))).toEqual(new Set([0]));
      expect(computed).toBe(1);
    });

    it("shares no value that a write overtook while it was computed", async () => {
      const [first, second] = [await open(), await open()];
      const gate = Promise.withResolvers<void>();
      const early = read(first, "overtaken", gate.promise);
      await expect.poll(() => computed).toBe(1);
      await write();
      gate.resolve();
      expect(await early).toBe(0);
      expect(await read(second, "overtaken")).toBe(1);
    });

    it("answers from the database while the store is away, bounded in time", async () => {
      const cache = await open();
      await read(cache, "before");
      store.fail();
      for (let n = 0; n < 5; n += 1) expect(await read(cache, `away-${n}`)).toBe(0);
      expect(computed).toBe(6);
    });

    it("takes no value from before an outage for a younger one", async () => {
      const [first, second] = [await open(), await open()];
      await read(first, "kept");
      store.fail();
      await write();
      await store.recover();
      expect(await read(second, "kept")).toBe(1);
    });
  });
}
