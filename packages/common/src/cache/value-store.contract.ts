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
      await store.store("bytes", { generation: 12n, body, ttlMs: 5_000 });
      const found = await store.find("bytes");
      expect(found?.generation).toBe(12n);
      expect(found?.body.equals(body)).toBe(true);
      expect(found?.ttlMs).toBeGreaterThan(0);
      expect(found?.ttlMs).toBeLessThanOrEqual(5_000);
    });

    it("has nothing under a key that was never stored", async () => {
      expect(await store.find("never")).toBeUndefined();
    });

    it("replaces a value", async () => {
      await store.store("twice", { generation: 1n, body: Buffer.from("old"), ttlMs: 5_000 });
      await store.store("twice", { generation: 2n, body: Buffer.from("new"), ttlMs: 5_000 });
      const found = await store.find("twice");
      expect([found?.generation, found?.body.toString()]).toEqual([2n, "new"]);
    });

    it("forgets a value when its time is over", async () => {
      await store.store("short", { generation: 1n, body: Buffer.from("x"), ttlMs: 20 });
      await expect.poll(() => store.find("short"), { interval: 5 }).toBeUndefined();
    });
  });
}
