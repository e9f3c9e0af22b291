import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALLS_PER_LEDGER, createCallBudget } from "./call-budget.ts";

function begin() {
  const now = { ledger: 5 };
  const budget = createCallBudget(() => now.ledger);
  const call = async (...about: readonly string[]) =>
    (await budget.attempt(about, async () => "answered")) ?? "not made";
  return { now, budget, call };
}

describe("the call budget", () => {
  it("lets each transaction have two calls in a ledger, and two more in the next", async () => {
    const { now, call } = begin();
    const asked = [await call("a"), await call("a"), await call("a"), await call("b")];
    expect(asked).toEqual(["answered", "answered", "not made", "answered"]);
    now.ledger = 6;
    expect(await call("a")).toBe("answered");
  });

  it("makes a call about several only where each has one left, and counts none otherwise", async () => {
    const { call } = begin();
    await call("a");
    await call("a");
    expect([await call("a", "b"), await call("b"), await call("b")]).toEqual([
      "not made",
      "answered",
      "answered",
    ]);
  });

  it("counts calls that fail, and those that are still under way", async () => {
    const { budget, call } = begin();
    await expect(budget.attempt(["a"], () => Promise.reject(new Error("lost")))).rejects.toThrow(
      "lost",
    );
    const answer = Promise.withResolvers<string>();
    const slow = budget.attempt(["a"], () => answer.promise);
    expect(await call("a")).toBe("not made");
    answer.resolve("late");
    expect(await slow).toBe("late");
  });

  it("counts a call in every ledger that it is under way in", async () => {
    const { now, budget, call } = begin();
    const answer = Promise.withResolvers<string>();
    const slow = budget.attempt(["a"], () => answer.promise);
    now.ledger = 6;
    answer.resolve("late");
    await slow;
    expect([await call("a"), await call("a")]).toEqual(["answered", "not made"]);
  });

  it("is kept to whenever ledgers close and answers come", async () => {
    const name = fc.constantFrom("a", "b", "c");
    const event = fc.oneof(
      fc.record({ kind: fc.constant("ask" as const), name }),
      fc.record({ kind: fc.constantFrom("close" as const, "answer" as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
        const { now, budget } = begin();
        const ended = new Map<string, number>();
        const waiting: (() => void)[] = [];
        const made: Promise<void>[] = [];
        for (const happening of events) {
          if (happening.kind === "close") now.ledger += 1;
          if (happening.kind === "answer") waiting.shift()?.();
          if (happening.kind !== "ask") continue;
          const call = () =>
            new Promise<void>((resolve) => {
              waiting.push(() => {
                const key = `${happening.name} ${now.ledger}`;
                ended.set(key, (ended.get(key) ?? 0) + 1);
                resolve();
              });
            });
          const attempt = budget.attempt([happening.name], call);
          if (attempt !== undefined) made.push(attempt);
        }
        for (const answer of waiting) answer();
        await Promise.all(made);
        expect(Math.max(0, ...ended.values())).toBeLessThanOrEqual(CALLS_PER_LEDGER);
      }),
    );
  });
});
