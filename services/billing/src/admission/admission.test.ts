import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideAdmission } from "./admission.ts";

const LIMITS = { maxPendingPerTenant: 1_000, maxWaitSeconds: 600 };

const RETRY_SECONDS = Array.from({ length: 60 }, (_, index) => index + 1);

describe("decideAdmission", () => {
  it.each([
    ["nothing is pending", 0, undefined, { isAdmitted: true }],
    ["the cap is not reached", 999, undefined, { isAdmitted: true }],
    ["the wait is not too long", 599, 1, { isAdmitted: true }],
    ["the cap is reached", 1_000, undefined, { reason: "cap", retryAfterSeconds: 5 }],
    ["the cap is reached and drains", 1_019, 10, { reason: "cap", retryAfterSeconds: 2 }],
    ["the wait is too long", 600, 1, { reason: "wait", retryAfterSeconds: 1 }],
    ["the wait is far too long", 900, 0.1, { reason: "wait", retryAfterSeconds: 60 }],
  ] as const)("decides when %s", (_when, pending, drainPerSecond, expected) => {
    expect(decideAdmission({ pending, drainPerSecond }, LIMITS)).toMatchObject(expected);
  });

  it("never admits past the cap or past the longest wait, and says when to come back", () => {
    const rate = fc.option(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(fc.nat(2_000_000), rate, (pending, drainPerSecond) => {
        const decision = decideAdmission({ pending, drainPerSecond }, LIMITS);
        const isOver =
          pending >= 1_000 || (drainPerSecond !== undefined && pending + 1 > 600 * drainPerSecond);
        expect(decision.isAdmitted).toBe(!isOver);
        const retryAfterSeconds = decision.isAdmitted ? 1 : decision.retryAfterSeconds;
        expect(RETRY_SECONDS).toContain(retryAfterSeconds);
      }),
    );
  });
});
