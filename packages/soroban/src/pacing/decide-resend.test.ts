import { describe, expect, it } from "vitest";
import type { SendVerdict } from "../outcome/classify-send-answer.ts";
import { decideResend } from "./decide-resend.ts";

const after = (verdict: SendVerdict, ledgers: number, sends = 1) =>
  decideResend({
    lastSend: { verdict, ledger: 100 },
    sends,
    latestLedger: 100 + ledgers,
    maxLedger: 200,
  });

describe("decideResend", () => {
  it("sends at once when nobody knows whether it was sent", () => {
    expect(decideResend({ sends: 0, latestLedger: 100, maxLedger: 108 })).toBe(true);
  });

  it("leaves a queued transaction alone until it must have been dropped", () => {
    expect(after({ kind: "queued" }, 3)).toBe(false);
    expect(after({ kind: "queued" }, 4)).toBe(true);
  });

  it("backs off while nobody takes it", () => {
    expect(after({ kind: "retry" }, 0)).toBe(false);
    expect(after({ kind: "retry" }, 1)).toBe(true);
    expect(after({ kind: "retry" }, 1, 2)).toBe(false);
    expect(after({ kind: "retry" }, 2, 2)).toBe(true);
    expect(after({ kind: "fee_too_low" }, 4, 9)).toBe(true);
  });

  it("never sends what cannot be applied", () => {
    expect(after({ kind: "permanent", code: "txBadAuth" }, 50)).toBe(false);
    expect(after({ kind: "sequence_used" }, 50)).toBe(false);
    expect(decideResend({ sends: 0, latestLedger: 107, maxLedger: 108 })).toBe(false);
  });
});
