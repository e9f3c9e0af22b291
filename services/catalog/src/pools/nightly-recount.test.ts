import { createRegistry } from "@orrery/common/observability/metrics";
import type { CounterDrift } from "@orrery/common/repositories/pool/pool-repository";
import { describe, expect, it } from "vitest";
import { NightlyRecount } from "./nightly-recount.ts";

const kept = { stakedStroops: 5n, predictionCount: 1, poolCount: 1 };
const drift: CounterDrift = {
  category: "sports",
  status: "active",
  kept,
  counted: { ...kept, poolCount: 2 },
};

describe("the nightly recount", () => {
  it("runs once a night after three, tries again while another is at it, and tells of drift", async () => {
    let now = "2026-05-01T02:00:00Z";
    const answers: (readonly CounterDrift[] | undefined)[] = [undefined, [drift], []];
    const told: unknown[] = [];
    const registry = createRegistry();
    const recount = new NightlyRecount({
      pools: { recount: async () => answers.shift() },
      clock: () => Date.parse(now),
      registry,
      onDrift: (found) => told.push(found),
      onError: (error) => told.push(error),
    });
    const at = async (time: string) => {
      now = time;
      await recount.runIfDue();
      const gauge = /^catalog_counter_drift (\d+)$/m.exec(await registry.metrics());
      return [answers.length, gauge?.[1]];
    };
    expect(await at("2026-05-01T02:59:59Z")).toEqual([3, "0"]);
    expect(await at("2026-05-01T03:00:00Z")).toEqual([2, "0"]);
    expect(await at("2026-05-01T03:01:00Z")).toEqual([1, "1"]);
    expect(told).toEqual([[drift]]);
    expect(await at("2026-05-02T02:59:59Z")).toEqual([1, "1"]);
    expect(await at("2026-05-02T03:00:01Z")).toEqual([0, "0"]);
    expect(told).toHaveLength(1);
  });
});
