import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StoreGate } from "./store-gate.ts";

describe("StoreGate", () => {
  it("lets operations run side by side", async () => {
    const gate = new StoreGate();
    const both = Promise.withResolvers<void>();
    let inside = 0;
    const enter = async () => {
      inside += 1;
      if (inside === 2) both.resolve();
      await both.promise;
    };
    await Promise.all([gate.run(enter), gate.run(enter)]);
    expect(inside).toBe(2);
  });

  it("lets who is alone wait for what runs, and what comes wait for it", async () => {
    const gate = new StoreGate();
    const order: string[] = [];
    const first = Promise.withResolvers<void>();
    const running = gate.run(async () => {
      await first.promise;
      order.push("first");
    });
    const alone = gate.runAlone(async () => {
      order.push("alone");
      await Promise.resolve();
      order.push("still alone");
    });
    const later = gate.run(async () => void order.push("later"));
    first.resolve();
    await Promise.all([running, alone, later]);
    expect(order).toEqual(["first", "alone", "still alone", "later"]);
  });

  it("lets an operation inside of another one pass with it, whoever waits", async () => {
    const gate = new StoreGate();
    const waits = Promise.withResolvers<void>();
    const outer = gate.run(async () => {
      await waits.promise;
      return gate.run(async () => "inner");
    });
    const alone = gate.runAlone(async () => "alone");
    waits.resolve();
    expect(await Promise.all([outer, alone])).toEqual(["inner", "alone"]);
  });

  it("refuses an operation that would wait for itself", async () => {
    const gate = new StoreGate();
    const run = gate.run(() => gate.runAlone(async () => {}));
    await expect(run).rejects.toThrow("an operation cannot wait for itself");
  });

  it("opens again when somebody throws", async () => {
    const gate = new StoreGate();
    const fail = async () => {
      throw new Error("broken");
    };
    await expect(gate.run(fail)).rejects.toThrow("broken");
    await expect(gate.runAlone(fail)).rejects.toThrow("broken");
    expect(await gate.runAlone(async () => "in")).toBe("in");
    expect(await gate.run(async () => "in")).toBe("in");
  });

  it("never has anybody beside who is alone, in whatever order they come", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ isAlone: fc.boolean(), turns: fc.nat({ max: 3 }) }), {
          maxLength: 30,
        }),
        async (calls) => {
          const gate = new StoreGate();
          let running = 0;
          let alone = 0;
          let done = 0;
          let beside = 0;
          const work = (isAlone: boolean, turns: number) => async () => {
            running += 1;
            alone += isAlone ? 1 : 0;
            for (let turn = 0; turn <= turns; turn += 1) {
              if (alone > 0 && running > 1) beside += 1;
              await Promise.resolve();
            }
            running -= 1;
            alone -= isAlone ? 1 : 0;
            done += 1;
          };
          await Promise.all(
            calls.map(({ isAlone, turns }) =>
              isAlone ? gate.runAlone(work(true, turns)) : gate.run(work(false, turns)),
            ),
          );
          expect({ done, beside }).toEqual({ done: calls.length, beside: 0 });
        },
      ),
    );
  });
});
