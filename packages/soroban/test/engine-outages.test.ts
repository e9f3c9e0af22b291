import { describe, expect, it } from "vitest";
import { createMemoryJournal } from "../src/journal/submission-journal.memory.ts";
import type { SubmissionJournal } from "../src/journal/submission-journal.ts";
import { EngineWorld, FUNDS } from "./support/engine-world.ts";

let world: EngineWorld;

/** A journal that fails the first `count` calls of a method. */
function failing(method: "leaseDue" | "renew" | "reread" | "prepare", count: number) {
  const inner = createMemoryJournal();
  let left = count;
  const call = inner[method] as (...args: unknown[]) => Promise<unknown>;
  const journal: SubmissionJournal = {
    ...inner,
    [method]: async (...args: unknown[]) => {
      left -= 1;
      if (left >= 0) throw new Error("the database is away");
      return call(...args);
    },
  };
  return { journal, wasMet: () => left < count };
}

describe("the engine goes on when", () => {
  for (const method of ["leaseDue", "prepare", "renew"] as const) {
    it(`the journal fails at ${method}`, async () => {
      const { journal, wasMet } = failing(method, 2);
      world = await EngineWorld.begin({ journal });
      const engine = await world.startEngine();
      // It lasts long enough for the lease to want renewing.
      await world.faults({ dropTransactions: 1 });
      await world.reached(await world.accept(engine), "confirmed");
      expect(wasMet()).toBe(true);
      expect(world.balance()).toBe(FUNDS - 1_000n);
    });
  }

  it("a listener fails, and tells the others", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    const told: unknown[] = [];
    engine.onResolution(() => {
      throw new Error("listener");
    });
    const end = engine.onResolution((resolution) => told.push(resolution));
    await world.reached(await world.accept(engine), "confirmed");
    await world.until(() => told.length === 1);
    end();
    await world.reached(await world.accept(engine), "confirmed");
    expect(told).toHaveLength(1);
    expect(world.logged).toContainEqual(
      expect.objectContaining({ message: "a resolution listener failed" }),
    );
  });
});

describe("an intent whose transaction died", () => {
  it("after it expired has failed as expired, and its channel is free", async () => {
    world = await EngineWorld.begin({ channelCount: 1, settings: { expiresMs: 60_000 } });
    const engine = await world.startEngine();
    await world.faults({ dropTransactions: 5 });
    const record = await world.reached(await world.accept(engine), "failed");
    expect(record.resolution?.failure).toEqual({ reason: "expired" });
    expect(record.attempts.at(0)?.state).toBe("dead");
    expect(world.balance()).toBe(FUNDS);
    await world.until(async () => (await world.journal.counts()).channels.bound === 0);
  });
});
