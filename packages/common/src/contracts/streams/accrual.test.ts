import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ActiveTime, accruedStroops, activeMsAt } from "./accrual.ts";

const START_MS = Date.parse("2026-03-01T12:00:00.000Z");

/** Active and paused by turns, for so many milliseconds each. */
const spans = fc.array(fc.record({ activeMs: fc.nat(400), pausedMs: fc.nat(400) }), {
  maxLength: 6,
});
const amount = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
const rate = fc.oneof(fc.bigInt({ min: 1n, max: 5_000n }), amount);
const total = fc.oneof(fc.bigInt({ min: 1n, max: 100_000n }), amount);

/** Millisecond by millisecond, in thousandths of a stroop: one that is active adds the rate. */
function slowlyAccrued(
  terms: { ratePerSecondStroops: bigint; totalStroops: bigint },
  turns: readonly { activeMs: number; pausedMs: number }[],
): bigint {
  let thousandths = 0n;
  let stroops = 0n;
  for (const { activeMs, pausedMs } of turns) {
    for (let ms = 0; ms < activeMs + pausedMs; ms += 1) {
      if (ms < activeMs) thousandths += terms.ratePerSecondStroops;
      stroops += thousandths / 1_000n;
      thousandths %= 1_000n;
    }
  }
  return stroops > terms.totalStroops ? terms.totalStroops : stroops;
}

describe("accrual", () => {
  it("is what a millisecond by millisecond count of the active time gives", () => {
    fc.assert(
      fc.property(rate, total, spans, (ratePerSecondStroops, totalStroops, turns) => {
        const terms = { ratePerSecondStroops, totalStroops };
        let time: ActiveTime = { activeMs: 0 };
        let nowMs = START_MS;
        for (const { activeMs, pausedMs } of turns) {
          time = { ...time, activeSince: new Date(nowMs) };
          nowMs += activeMs;
          time = { activeMs: activeMsAt(time, new Date(nowMs)) };
          nowMs += pausedMs;
        }
        const counted = activeMsAt(time, new Date(nowMs));
        expect(accruedStroops(terms, counted)).toBe(slowlyAccrued(terms, turns));
      }),
    );
  });

  it("never falls, and never passes the total", () => {
    fc.assert(
      fc.property(
        rate,
        total,
        fc.nat(10_000_000),
        fc.nat(10_000_000),
        (perSecond, most, ms, more) => {
          const terms = { ratePerSecondStroops: perSecond, totalStroops: most };
          const before = accruedStroops(terms, ms);
          const after = accruedStroops(terms, ms + more);
          expect(before <= after && after <= most).toBe(true);
        },
      ),
    );
  });

  it("rounds down once, however often it was paused", () => {
    const terms = { ratePerSecondStroops: 1n, totalStroops: 100n };
    const thirds = [333, 333, 334].reduce(
      (activeMs, ms) =>
        activeMsAt({ activeMs, activeSince: new Date(START_MS) }, new Date(START_MS + ms)),
      0,
    );
    expect(accruedStroops(terms, thirds)).toBe(1n);
    expect(accruedStroops(terms, thirds - 1)).toBe(0n);
  });

  it("loses nothing to a clock that went back", () => {
    const time = { activeMs: 7, activeSince: new Date(START_MS) };
    expect(activeMsAt(time, new Date(START_MS - 1_000))).toBe(7);
  });
});
