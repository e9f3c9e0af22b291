import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { QuotaStore } from "./quota-store.ts";

const MINUTE = 60_000;

/** What every quota store must do. */
export function describeQuotaStore(name: string, open: () => Promise<QuotaStore>): void {
  describe(`a quota store in ${name}`, () => {
    let store: QuotaStore;
    beforeAll(async () => {
      store = await open();
    });
    afterAll(() => store.close());

    it("grants what is wanted, then what is left, then nothing", async () => {
      const quota = { max: 10, windowMs: MINUTE };
      expect(await store.take("steps", 4, quota)).toMatchObject({ used: 4, granted: 4 });
      expect(await store.take("steps", 4, quota)).toMatchObject({ used: 8, granted: 4 });
      expect(await store.take("steps", 4, quota)).toMatchObject({ used: 10, granted: 2 });
      expect(await store.take("steps", 1, quota)).toMatchObject({ used: 10, granted: 0 });
    });

    it("counts each key by itself", async () => {
      const quota = { max: 1, windowMs: MINUTE };
      expect(await store.take("a|b", 1, quota)).toMatchObject({ granted: 1 });
      expect(await store.take("a", 1, quota)).toMatchObject({ granted: 1 });
      expect(await store.take("a|b", 1, quota)).toMatchObject({ granted: 0 });
    });

    it("says when the window ends, and moves its end for nobody", async () => {
      const first = await store.take("end", 1, { max: 10, windowMs: MINUTE });
      expect(first?.resetMs).toBeGreaterThan(0);
      expect(first?.resetMs).toBeLessThanOrEqual(MINUTE);
      const second = await store.take("end", 1, { max: 10, windowMs: 10 * MINUTE });
      expect(second?.resetMs).toBeLessThanOrEqual(first?.resetMs ?? 0);
    });

    it("begins anew when the window is over", async () => {
      const quota = { max: 1, windowMs: 20 };
      await store.take("short", 1, quota);
      await expect.poll(async () => (await store.take("short", 1, quota))?.granted).toBe(1);
    });

    it("goes by the quota of each question: a smaller one grants nothing that is used up", async () => {
      await store.take("changed", 5, { max: 10, windowMs: MINUTE });
      const smaller = await store.take("changed", 1, { max: 3, windowMs: MINUTE });
      expect(smaller).toMatchObject({ used: 5, granted: 0 });
      const larger = await store.take("changed", 9, { max: 12, windowMs: MINUTE });
      expect(larger).toMatchObject({ used: 12, granted: 7 });
    });

    it("grants no more than there is to many who ask at once", async () => {
      const quota = { max: 25, windowMs: MINUTE };
      const taken = await Promise.all(
        Array.from({ length: 40 }, () => store.take("race", 1, quota)),
      );
      expect(taken.filter((one) => one?.granted === 1)).toHaveLength(25);
    });
  });
}
