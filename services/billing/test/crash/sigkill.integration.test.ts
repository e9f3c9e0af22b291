import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BillingProcess } from "./billing-process.ts";
import { CRASH_POINTS } from "./crash-points.ts";
import { CrashWorld } from "./crash-world.ts";

/** Far more than any point needs; a process that does not reach its point fails the test. */
const MAX_ROUNDS = 400;
/**
 * A vault stays with the process that works on it: a while without faults lets both processes start
 * anew, so that the one to be killed cannot be without work for ever.
 */
const CYCLE_ROUNDS = 20;
const FAULTY_ROUNDS = 15;
const TIMEOUT_MS = 180_000;

const POINTS = Object.keys(CRASH_POINTS);

let world: CrashWorld;
let survivor: BillingProcess;
/** The process that is to be killed next, restarted after the one before; and where it is to die. */
let doomed: BillingProcess | undefined;
let doomedAt: string | undefined;

beforeAll(async () => {
  world = await CrashWorld.begin();
  survivor = await world.start();
  await world.register(survivor);
});

/** The restarted process of the test before, or a new one where that did not come so far. */
async function startDoomed(point: string): Promise<BillingProcess> {
  if (doomed !== undefined && doomedAt === point) return doomed;
  await doomed?.stop();
  return world.start(point);
}

afterAll(() => world.end());

describe("a billing process that is killed under load", () => {
  it.each(POINTS)(
    "leaves nothing undone and nothing done twice: %s",
    async (point) => {
      const victim = await startDoomed(point);
      victim.arm();
      for (let round = 0; victim.isRunning && round < MAX_ROUNDS; round += 1) {
        const inCycle = round % CYCLE_ROUNDS;
        if (inCycle === 0)
          await world.sim.call("sim_setFaults", { ...CRASH_POINTS[point]?.faults });
        if (inCycle === FAULTY_ROUNDS) await world.sim.call("sim_clearFaults");
        await world.load(victim, survivor);
        await world.nextLedger();
        // Else whoever holds the vaults would hold them through the calm, too.
        if (inCycle === CYCLE_ROUNDS - 1 && victim.isRunning) await world.settle();
      }
      await world.sim.call("sim_clearFaults");
      expect(victim.isRunning).toBe(false);
      expect(await victim.ended).toBe("SIGKILL");
      // The last one comes back as production runs it.
      doomedAt = POINTS[POINTS.indexOf(point) + 1];
      doomed = await world.start(doomedAt);
      await world.load(doomed, survivor);
      expect(await world.listDisagreements()).toEqual([]);
      expect(await world.counts()).toEqual({
        confirmed: expect.any(Number),
        failed: expect.any(Number),
      });
    },
    TIMEOUT_MS,
  );
});
