import { describe, expect, it } from "vitest";
import type { SendVerdict } from "../outcome/classify-send-answer.ts";
import { decideFeeBump, type WaitingTransaction } from "./decide-fee-bump.ts";
import { DEFAULT_FEE_POLICY } from "./fee-policy.ts";

const policy = { ...DEFAULT_FEE_POLICY, maxInclusionFeeStroops: 50_000n };

const waiting = (
  kind: SendVerdict["kind"],
  changes: Partial<WaitingTransaction> = {},
): WaitingTransaction => ({
  lastSend: {
    verdict: kind === "permanent" ? { kind, code: "txBadAuth" } : { kind },
    ledger: 100,
  },
  bidsStroops: [100n],
  ledgerAtBuild: 100,
  latestLedger: 100,
  maxLedger: 108,
  ...changes,
});

const stats = (p50: string) => ({
  latestLedger: 1,
  sorobanInclusionFee: { p50, p90: "99999999", max: "99999999" },
});

describe("decideFeeBump", () => {
  it("bids ten times as much at once when a node says that the fee is too low", () => {
    expect(decideFeeBump(policy, undefined, waiting("fee_too_low"))).toBe(1_000n);
  });

  it("bids twice what others pay in a surge", () => {
    expect(decideFeeBump(policy, stats("9000"), waiting("fee_too_low"))).toBe(18_000n);
  });

  it("waits some ledgers for what a node holds, and longer before each further bump", () => {
    for (const kind of ["queued", "retry"] as const) {
      const at = (latestLedger: number, bidsStroops = [100n]) =>
        decideFeeBump(policy, undefined, waiting(kind, { latestLedger, bidsStroops }));
      expect(at(102)).toBeUndefined();
      expect(at(103)).toBe(1_000n);
      expect(at(105, [100n, 1_000n])).toBeUndefined();
      expect(at(106, [100n, 1_000n])).toBe(10_000n);
    }
  });

  it("never bids above the maximum, nor what could not replace the last bid", () => {
    expect(decideFeeBump(policy, stats("90000"), waiting("fee_too_low"))).toBe(50_000n);
    const dear = waiting("fee_too_low", { bidsStroops: [5_001n] });
    expect(decideFeeBump(policy, undefined, dear)).toBeUndefined();
  });

  it("leaves what cannot be helped: never sent, out of time, bumped enough, decided otherwise", () => {
    const { lastSend: _, ...unsent } = waiting("queued", { latestLedger: 105 });
    const hopeless = [
      unsent,
      waiting("fee_too_low", { latestLedger: 107 }),
      waiting("fee_too_low", { bidsStroops: [1n, 10n, 100n, 1_000n] }),
      waiting("fee_too_low", { bidsStroops: [] }),
      waiting("permanent", { latestLedger: 106 }),
      waiting("sequence_used", { latestLedger: 106 }),
    ];
    for (const one of hopeless) expect(decideFeeBump(policy, undefined, one)).toBeUndefined();
  });
});
