import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SequenceCheck } from "./sequence-check.ts";

const [HERE, THERE] = [0, 1];

describe("what a read of a growing number must show", () => {
  it("is at once what its own instance acknowledged, and after the bound what another did", () => {
    const check = new SequenceCheck(2, 1_000);
    check.begin();
    check.acknowledge(HERE, 500);
    expect(check.leastAt(HERE, 500)).toBe(1);
    expect(check.leastAt(THERE, 1_499)).toBe(0);
    expect(check.leastAt(THERE, 1_500)).toBe(1);
  });

  it("finds a stale read and an invented one, and nothing wrong with what lies between", () => {
    const check = new SequenceCheck(2, 1_000);
    for (const atMs of [0, 100, 2_000]) {
      check.begin();
      check.acknowledge(THERE, atMs);
    }
    expect(check.faultOf(HERE, 2_100, 1)).toBe("1 where 2 was due");
    expect(check.faultOf(HERE, 2_100, 2)).toBeUndefined();
    expect(check.faultOf(HERE, 2_100, 3)).toBeUndefined();
    expect(check.faultOf(HERE, 2_100, 4)).toBe("4 where only 3 was written");
  });

  it("is a plain count of the acknowledgements, whatever their times", () => {
    const writes = fc.array(fc.record({ after: fc.nat(400), instance: fc.nat(1) }));
    fc.assert(
      fc.property(writes, fc.nat(9_000), (steps, askedAtMs) => {
        const check = new SequenceCheck(2, 1_000);
        let atMs = 0;
        const all = steps.map(({ after, instance }) => {
          atMs += after;
          check.acknowledge(instance, atMs);
          return { instance, atMs };
        });
        const due = all.filter(
          (write) => write.atMs <= askedAtMs - (write.instance === HERE ? 0 : 1_000),
        );
        expect(check.leastAt(HERE, askedAtMs)).toBe(due.length);
      }),
    );
  });
});
