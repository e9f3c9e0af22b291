import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ValueStore } from "./value-store.ts";

export function describeValueStore(name: string, makeStore: () => Promise<ValueStore>): void {
  describe(`a value store in ${name}`, () => {
    let store: ValueStore;
    beforeAll(async () => {
      store = await makeStore();
    });
    afterAll(() => store.close());

    it("gives the bytes back with their generation and the time that is left", async () => {
      const body = Buffer.from([0, 10, 255, 10, 13]);
      await store.store("bytes", { generation: 12n, body, ttlMs: 60_000, graceMs: 7 });
      const found = await store.find("bytes");
      expect(found?.generation).toBe(12n);
      expect(found?.body.equals(body)).toBe(true);
      expect(found?.ttlMs).toBeGreaterThan(0);
      expect(found?.ttlMs).toBeLessThanOrEqual(60_000);
      expect(found?.graceMs).toBe(7);
    });

    it("has nothing under a key that was never stored", async () => {
      expect(await store.find("never")).toBeUndefined();
    });

    it("replaces a value", async () => {
      await store.store("twice", {
        generation: 1n,
        body: Buffer.from("old"),
        ttlMs: 60_000,
        graceMs: 7,
      });
      await store.store("twice", {
        generation: 2n,
        body: Buffer.from("new"),
        ttlMs: 60_000,
        graceMs: 7,
      });
      const found = await store.find("twice");
      expect([found?.generation, found?.body.toString()]).toEqual([2n, "new"]);
    });

    it("forgets a value when its time is over", async () => {
      await store.store("short", { generation: 1n, body: Buffer.from("x"), ttlMs: 20, graceMs: 7 });
      await expect.poll(() => store.find("short"), { interval: 5 }).toBeUndefined();
    });

    it("gives one token at a time the turn for a key", async () => {
      expect(await store.takeTurn("turn", "a", 60_000)).toBe(true);
      expect(await store.takeTurn("turn", "b", 60_000)).toBe(false);
      expect(await store.takeTurn("other", "b", 60_000)).toBe(true);
      await store.endTurn("turn", "b");
      expect(await store.takeTurn("turn", "b", 60_000)).toBe(false);
      await store.endTurn("turn", "a");
      expect(await store.takeTurn("turn", "b", 60_000)).toBe(true);
    });

    it("takes a turn back when its lease is over", async () => {
      expect(await store.takeTurn("dead", "a", 20)).toBe(true);
      await expect.poll(() => store.takeTurn("dead", "b", 60_000), { interval: 5 }).toBe(true);
    });

    it("mistakes no turn for a value", async () => {
      await store.takeTurn("both", "a", 60_000);
      expect(await store.find("both")).toBeUndefined();
    });
  });
}
