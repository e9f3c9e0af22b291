import { describe, expect, it } from "vitest";
import { decideStep, type StoreSetting } from "./store-mode.ts";

const MEMORY: StoreSetting = { mode: "memory", reads: "memory" };
const DUAL_MEMORY: StoreSetting = { mode: "dual", reads: "memory" };
const DUAL_POSTGRES: StoreSetting = { mode: "dual", reads: "postgres" };
const POSTGRES: StoreSetting = { mode: "postgres", reads: "postgres" };
const WAY = [MEMORY, DUAL_MEMORY, DUAL_POSTGRES, POSTGRES];

describe("the way between the stores", () => {
  const steps = WAY.flatMap((from, at) =>
    WAY.map((to, towards) => ({ from, to, distance: Math.abs(at - towards) })),
  );

  it.each(steps.filter(({ distance }) => distance > 1))(
    "does not jump from $from.mode ($from.reads) to $to.mode ($to.reads)",
    ({ from, to }) => {
      expect(() => decideStep(from, to)).toThrow(
        expect.objectContaining({ code: "invalid_store_switch" }),
      );
    },
  );

  it.each(steps.filter(({ distance }) => distance <= 1))(
    "goes from $from.mode ($from.reads) to $to.mode ($to.reads)",
    ({ from, to, distance }) => {
      const crosses = distance === 1 && from.mode === "dual" && to.mode === "dual";
      expect(decideStep(from, to)).toBe(crosses ? "verified" : "nothing");
    },
  );

  it.each([
    { mode: "memory", reads: "postgres" },
    { mode: "postgres", reads: "memory" },
  ] as const)("has no mode $mode that reads from $reads", (to) => {
    for (const from of WAY) {
      expect(() => decideStep(from, to)).toThrow(
        expect.objectContaining({ code: "invalid_store_switch" }),
      );
    }
  });
});
