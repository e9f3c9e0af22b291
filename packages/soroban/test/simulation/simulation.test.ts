import { describe, expect, it } from "vitest";
import { soak } from "./command/soak.ts";
import { FAULT_NAMES } from "./faults.ts";
import { GUARDS } from "./workload/guards.ts";
import { type RunResult, World } from "./world.ts";

const SEEDS = 300;
const REQUESTS = 16;

const runOne = (seed: number, isTraced = false) =>
  new World({ seed, requests: REQUESTS, faults: FAULT_NAMES, isTraced }).run();

describe("the simulation", () => {
  it(`finds every invariant held in ${SEEDS} seeds with all faults`, {
    timeout: 600_000,
  }, async () => {
    const results: RunResult[] = [];
    await soak({
      firstSeed: 0,
      seeds: SEEDS,
      requests: REQUESTS,
      faults: FAULT_NAMES,
      onResult: (result) => results.push(result),
    });
    const violations = results.filter(({ violation }) => violation !== undefined);
    expect(violations.map(({ seed, violation }) => ({ seed, violation }))).toEqual([]);
    expect(results).toHaveLength(SEEDS);
    expect(new Set(results.map(({ guards }) => guards))).toEqual(new Set(GUARDS));
    expect(results.reduce((sum, { charges }) => sum + charges, 0)).toBeGreaterThan(SEEDS);
    expect(results.reduce((sum, { engines }) => sum + engines, 0)).toBeGreaterThan(2 * SEEDS);
  });

  it("charges everybody who can pay when nothing goes wrong", async () => {
    const result = await new World({ seed: 1, requests: 60, faults: [] }).run();
    expect(result.violation).toBeUndefined();
    expect(result.charges).toBeGreaterThan(30);
  });

  it("replays a seed exactly, traced or not, here or in a worker", async () => {
    for (const seed of [3, 8]) {
      const [first, second] = [await runOne(seed), await runOne(seed, true)];
      expect(second.traceHash).toBe(first.traceHash);
      expect(second.trace.length).toBeGreaterThan(100);
      const elsewhere: string[] = [];
      await soak({
        firstSeed: seed,
        seeds: 1,
        requests: REQUESTS,
        faults: FAULT_NAMES,
        onResult: ({ traceHash }) => elsewhere.push(traceHash),
      });
      expect(elsewhere).toEqual([first.traceHash]);
    }
  });

  it("does something else with another seed", async () => {
    const hashes = [await runOne(11), await runOne(12)].map(({ traceHash }) => traceHash);
    expect(new Set(hashes).size).toBe(2);
  });
});
