import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { LeasedQuotas } from "./leased-quotas.ts";
import { MemoryQuotaStore } from "./quota-store.memory.ts";
import type { Quota, QuotaStore, Taken } from "./quota-store.ts";

const MINUTE = 60_000;
const quotaOf = (max: number): Quota => ({ max, windowMs: MINUTE });

/** What the instances share, which a test can take away, and how often it was asked. */
class SharedStore implements Pick<QuotaStore, "take"> {
  isAway = false;
  asked = 0;
  readonly #store: MemoryQuotaStore;

  constructor(clock: () => number) {
    this.#store = new MemoryQuotaStore(clock);
  }

  async take(key: string, wanted: number, quota: Quota): Promise<Taken | undefined> {
    this.asked += 1;
    return this.isAway ? undefined : this.#store.take(key, wanted, quota);
  }
}

describe("LeasedQuotas", () => {
  let nowMs: number;
  let shared: SharedStore;
  const clock = () => nowMs;
  const open = (capacity?: number) =>
    new LeasedQuotas({ shared, clock, ...(capacity === undefined ? {} : { capacity }) });

  beforeEach(() => {
    nowMs = 1_000;
    shared = new SharedStore(clock);
  });

  async function takenOf(quotas: LeasedQuotas, calls: number, max: number, count = 1) {
    const states = await Promise.all(
      Array.from({ length: calls }, () => quotas.take("acme", count, quotaOf(max))),
    );
    return states.filter(({ isTaken }) => isTaken).length;
  }

  it("never take more than the quota together, and all of it but what others hold", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3_000 }),
        fc.array(
          fc.record({
            instance: fc.nat({ max: 2 }),
            calls: fc.integer({ min: 1, max: 40 }),
            count: fc.integer({ min: 1, max: 30 }),
          }),
          { maxLength: 30 },
        ),
        async (max, rounds) => {
          shared = new SharedStore(clock);
          const instances = [open(), open(), open()];
          let taken = 0;
          for (const { instance, calls, count } of rounds) {
            const quotas = instances[instance];
            if (quotas !== undefined) taken += count * (await takenOf(quotas, calls, max, count));
          }
          expect(taken).toBeLessThanOrEqual(max);
          // Whoever is left over takes the rest one by one.
          const [one, ...others] = instances;
          if (one !== undefined) taken += await takenOf(one, max + 1, max);
          expect(taken).toBeLessThanOrEqual(max);
          expect(taken).toBeGreaterThanOrEqual(max - others.length * Math.max(30, max / 100));
        },
      ),
      { numRuns: 50 },
    );
  });

  it("asks the store once for a hundredth of a large quota", async () => {
    const quotas = open();
    for (let call = 0; call < 600; call += 1) await quotas.take("acme", 1, quotaOf(60_000));
    expect(shared.asked).toBe(1);
    await quotas.take("acme", 1, quotaOf(60_000));
    expect(shared.asked).toBe(2);
  });

  it("asks once for all who wait, and never again once the quota is used up", async () => {
    const quotas = open();
    expect(await takenOf(quotas, 64, 50)).toBe(50);
    const { asked } = shared;
    expect(asked).toBeLessThanOrEqual(3);
    expect(await takenOf(quotas, 64, 50)).toBe(0);
    expect(shared.asked).toBe(asked);
  });

  it("takes all that is wanted or nothing, and says what is left", async () => {
    const quotas = open();
    expect(await quotas.take("acme", 7, quotaOf(10))).toMatchObject({
      isTaken: true,
      remaining: 3,
      resetMs: MINUTE,
    });
    expect(await quotas.take("acme", 4, quotaOf(10))).toMatchObject({
      isTaken: false,
      remaining: 3,
    });
    expect(await quotas.take("acme", 3, quotaOf(10))).toMatchObject({
      isTaken: true,
      remaining: 0,
    });
    expect(await quotas.take("acme", 11, quotaOf(10))).toMatchObject({ isTaken: false });
  });

  it("begins anew when the window is over", async () => {
    const quotas = open();
    expect(await takenOf(quotas, 3, 2)).toBe(2);
    nowMs += MINUTE - 1;
    expect(await takenOf(quotas, 1, 2)).toBe(0);
    nowMs += 1;
    expect(await takenOf(quotas, 3, 2)).toBe(2);
  });

  it("holds to a smaller quota at once, whatever it still holds of the larger", async () => {
    const quotas = open();
    await quotas.take("acme", 1, quotaOf(60_000));
    expect(await quotas.take("acme", 1, quotaOf(10))).toMatchObject({ isTaken: true });
    expect(await takenOf(quotas, 20, 10)).toBe(8);
    expect(await takenOf(quotas, 20, 15)).toBe(5);
  });

  it("counts by itself while the store is away: from what it knows, to the quota at most", async () => {
    const [here, there] = [open(), open()];
    expect(await takenOf(here, 3, 10)).toBe(3);
    expect(await takenOf(there, 2, 10)).toBe(2);
    shared.isAway = true;
    expect(await takenOf(there, 20, 10)).toBe(5);
    expect(await takenOf(here, 20, 10)).toBe(7);
    shared.isAway = false;
    expect(await takenOf(there, 20, 10)).toBe(0);
  });

  it("does not forget what it granted alone when the store comes and goes", async () => {
    const quotas = open();
    let taken = 0;
    for (let round = 0; round < 20; round += 1) {
      shared.isAway = round % 2 === 0;
      taken += await takenOf(quotas, 1, 10);
    }
    expect(taken).toBe(10);
  });

  it("forgets what it granted alone when its own minute is over, whenever the store came back", async () => {
    const quotas = open();
    shared.isAway = true;
    expect(await takenOf(quotas, 5, 10)).toBe(5);
    nowMs += MINUTE - 1;
    shared.isAway = false;
    expect(await takenOf(quotas, 1, 10)).toBe(1);
    nowMs += 1;
    expect(await takenOf(quotas, 20, 10)).toBe(9);
  });

  it("asks nobody a second time between an answer and what it grants", async () => {
    const quotas = open();
    const callers = [quotas.take("acme", 1, quotaOf(60_000))];
    // One caller in each of the turns in which the answer is on its way.
    for (let turn = 0; turn < 10; turn += 1) {
      await Promise.resolve();
      callers.push(quotas.take("acme", 1, quotaOf(60_000)));
    }
    await Promise.all(callers);
    expect(shared.asked).toBe(1);
  });

  it("looks without taking and without asking", async () => {
    const quotas = open();
    expect(quotas.peek("acme", quotaOf(2))).toEqual({ remaining: 2, resetMs: MINUTE });
    await takenOf(quotas, 2, 2);
    const { asked } = shared;
    nowMs += 10;
    expect(quotas.peek("acme", quotaOf(2))).toEqual({ remaining: 0, resetMs: MINUTE - 10 });
    nowMs += MINUTE;
    expect(quotas.peek("acme", quotaOf(2)).remaining).toBe(2);
    expect(shared.asked).toBe(asked);
  });

  it("forgets the window that was longest not used, and learns it anew", async () => {
    const quotas = open(2);
    for (const key of ["a", "b", "c"]) await quotas.take(key, 1, quotaOf(1));
    expect(quotas.peek("a", quotaOf(1)).remaining).toBe(1);
    expect((await quotas.take("a", 1, quotaOf(1))).isTaken).toBe(false);
  });
});
