import fc from "fast-check";
import { expect, it } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { describeIdempotentReplay, StepRunner, steps } from "./idempotency-replay.contract.ts";
import {
  describeIdempotencyStore,
  type MakeStores,
  START_MS,
  type TestTime,
} from "./idempotency-store.contract.ts";
import { KyselyIdempotencyStore } from "./idempotency-store.kysely.ts";
import { MemoryIdempotencyStore } from "./idempotency-store.memory.ts";

const test = useTestDatabase();

const make: MakeStores = async (time) => {
  await test.database().pool.query("truncate idempotency_keys");
  const options = { database: test.database(), clock: () => time.nowMs };
  return [new KyselyIdempotencyStore(options), new KyselyIdempotencyStore(options)];
};

describeIdempotencyStore("kysely", make);
describeIdempotentReplay("kysely", make, { runs: 40 });

it("says what the memory adapter says, step by step", async () => {
  const time: TestTime = { nowMs: START_MS };
  const [store] = await make(time);
  let history = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (given) => {
      history += 1;
      const pair = [store, new MemoryIdempotencyStore(() => clocks[1].nowMs)] as const;
      const clocks = [time, { nowMs: START_MS }] as const;
      time.nowMs = START_MS;
      const [real, expected] = [
        new StepRunner(pair[0], clocks[0]),
        new StepRunner(pair[1], clocks[1]),
      ];
      for (const step of given) {
        const own = step.kind === "claim" ? { ...step, token: `${history}:${step.token}` } : step;
        expect(await real.run(own)).toEqual(await expected.run(own));
      }
    }),
    { numRuns: 60 },
  );
});
