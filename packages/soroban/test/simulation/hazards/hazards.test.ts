import { describe, expect, it } from "vitest";
import { FAULT_NAMES } from "../faults.ts";
import { World } from "../world.ts";
import { HAZARDS, type Hazard } from "./hazards.ts";
import type { EngineParts } from "./variant.ts";

const MOST_SEEDS = 40;
const CONTROL_SEEDS = 8;
const REQUESTS = 24;

/** The first seed in which the simulation notices the hazard, by what it breaks. */
async function findSeed(hazard: Hazard): Promise<number | undefined> {
  for (let seed = 0; seed < MOST_SEEDS; seed += 1) {
    const world = new World({ seed, requests: REQUESTS, faults: FAULT_NAMES, variant: hazard });
    const { violation } = await world.run();
    if (violation !== undefined && hazard.breaks.includes(violation.invariant)) return seed;
  }
  return undefined;
}

describe("the simulation can fail: it notices when", () => {
  for (const hazard of HAZARDS) {
    it(`hazard: ${hazard.name}`, { timeout: 120_000 }, async () => {
      expect(await findSeed(hazard)).toBeDefined();
    });
  }
});

describe("the sound engine, under the faults that bring each hazard to light, survives", () => {
  for (const hazard of HAZARDS) {
    it(`no hazard: ${hazard.name}`, { timeout: 120_000 }, async () => {
      const variant = { ...hazard, begin: () => (parts: EngineParts) => parts };
      for (let seed = 0; seed < CONTROL_SEEDS; seed += 1) {
        const world = new World({ seed, requests: REQUESTS, faults: FAULT_NAMES, variant });
        expect((await world.run()).violation).toBeUndefined();
      }
    });
  }
});
