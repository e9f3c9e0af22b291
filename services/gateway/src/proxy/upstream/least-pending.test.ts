import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Choice, LeastPending, PANIC_BELOW } from "./least-pending.ts";

interface Instance extends Choice {
  readonly name: string;
  pending: number;
}

function instance(name: string, change: Partial<Choice> = {}): Instance {
  return { name, pending: 0, isTaking: true, isFull: false, ...change };
}

describe("LeastPending", () => {
  it("gives the one with the fewest pending requests", () => {
    const items = [
      instance("a", { pending: 3 }),
      instance("b", { pending: 1 }),
      instance("c", { pending: 2 }),
    ];
    const picker = new LeastPending<Instance>();
    for (let time = 0; time < 4; time += 1) expect(picker.pick(items)?.name).toBe("b");
  });

  it("spreads requests that take equally long evenly", () => {
    const items = [instance("a"), instance("b"), instance("c")];
    const picker = new LeastPending<Instance>();
    for (let time = 0; time < 30; time += 1) {
      const picked = picker.pick(items);
      if (picked !== undefined) picked.pending += 1;
    }
    expect(items.map(({ pending }) => pending)).toEqual([10, 10, 10]);
  });

  it("lets equals take turns, so that an idle fleet is used whole", () => {
    const items = [instance("a"), instance("b")];
    const picker = new LeastPending<Instance>();
    const names = Array.from({ length: 4 }, () => picker.pick(items)?.name);
    expect(new Set(names)).toEqual(new Set(["a", "b"]));
  });

  it("passes over those that are out", () => {
    const items = [instance("a", { isTaking: false }), instance("b", { pending: 100 })];
    const picker = new LeastPending<Instance>();
    for (let time = 0; time < 4; time += 1) expect(picker.pick(items)?.name).toBe("b");
  });

  it("asks all in turn when too few are left, not the one that fails fastest", () => {
    const items = [
      ...["a", "b", "c"].map((name) => instance(name, { isTaking: false })),
      instance("d", { pending: 50 }),
    ];
    const picker = new LeastPending<Instance>();
    const names = Array.from({ length: 8 }, () => picker.pick(items)?.name);
    expect(new Set(names)).toEqual(new Set(["a", "b", "c", "d"]));
  });

  it("tries another again rather than the one that has just failed", () => {
    const out = instance("a", { isTaking: false });
    const failing = instance("b");
    const picker = new LeastPending<Instance>();
    for (let time = 0; time < 4; time += 1) {
      expect(picker.pick([out, failing])?.name).toBe("b");
      expect(picker.pick([out, failing], failing)?.name).toBe("a");
    }
    const full = instance("c", { isFull: true });
    expect(picker.pick([full, failing], failing)?.name).toBe("b");
  });

  it("still asks the only one when it is out", () => {
    const picker = new LeastPending<Instance>();
    expect(picker.pick([instance("a", { isTaking: false })])?.name).toBe("a");
  });

  it("tries again elsewhere, and on the same one only when there is no other", () => {
    const a = instance("a");
    const b = instance("b", { pending: 9 });
    const picker = new LeastPending<Instance>();
    for (let time = 0; time < 4; time += 1) expect(picker.pick([a, b], a)).toBe(b);
    expect(picker.pick([a, { ...b, isFull: true }], a)).toBe(a);
    expect(picker.pick([a], a)).toBe(a);
  });

  it("gives none when there is none, or all are full", () => {
    const picker = new LeastPending<Instance>();
    expect(picker.pick([])).toBeUndefined();
    expect(picker.pick([instance("a", { isFull: true })])).toBeUndefined();
    expect(
      picker.pick([instance("a", { isFull: true }), instance("b", { isFull: true })]),
    ).toBeUndefined();
  });

  it("never gives a full one, nor one that is out unless it panics, and one whenever there is one", () => {
    const choice = fc.record({
      pending: fc.nat(5),
      isTaking: fc.boolean(),
      isFull: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(choice, { minLength: 1, maxLength: 8 }),
        fc.nat(10),
        (choices, turns) => {
          const picker = new LeastPending<Choice>();
          for (let turn = 0; turn < turns; turn += 1) picker.pick(choices);
          const picked = picker.pick(choices);
          const taking = choices.filter(({ isTaking }) => isTaking);
          const isPanic = choices.length === 1 || taking.length < choices.length * PANIC_BELOW;
          const allowed = (isPanic ? choices : taking).filter(({ isFull }) => !isFull);
          if (allowed.length === 0) return picked === undefined;
          if (picked === undefined || !allowed.includes(picked)) return false;
          return isPanic || allowed.every(({ pending }) => pending >= picked.pending);
        },
      ),
    );
  });
});
