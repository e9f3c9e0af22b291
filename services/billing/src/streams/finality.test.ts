import { describe, expect, it } from "vitest";
import { decideFinality } from "./finality.ts";

const terms = { minConfirmations: 3, timeoutMs: 60_000 };
const awaited = { ledger: 100, waitedMs: 1_000 };
const success = (latestLedger: number) =>
  ({ status: "SUCCESS", ledger: 100, latestLedger, oldestLedger: 1 }) as const;
const notFound = (latestLedger: number, oldestLedger = 1) =>
  ({ status: "NOT_FOUND", latestLedger, oldestLedger }) as const;

describe("decideFinality", () => {
  it.each([
    [100, "waiting"],
    [102, "waiting"],
    [103, "final"],
    [200, "final"],
  ])("with the newest ledger %i is %s", (latestLedger, kind) => {
    expect(decideFinality(awaited, success(latestLedger), terms)).toEqual({ kind });
  });

  it("is final in its own ledger where none over it is wanted", () => {
    const atOnce = { ...terms, minConfirmations: 0 };
    expect(decideFinality(awaited, success(100), atOnce)).toEqual({ kind: "final" });
  });

  it("goes by the transaction's own ledger where the settlement names none", () => {
    const { ledger: _ledger, ...without } = awaited;
    expect(decideFinality(without, success(102), terms)).toEqual({ kind: "waiting" });
    expect(decideFinality(without, success(103), terms)).toEqual({ kind: "final" });
  });

  it.each([
    ["the network cannot be asked", undefined],
    ["it closes no ledger", success(101)],
    ["it is behind", notFound(99)],
  ])("times out when %s", (_what, answer) => {
    expect(decideFinality(awaited, answer, terms)).toEqual({ kind: "waiting" });
    const late = { ...awaited, waitedMs: 60_000 };
    expect(decideFinality(late, answer, terms)).toEqual({
      kind: "failed",
      failureCode: "finality_timeout",
    });
  });

  it("calls a transaction missing that is not found twice, at two ledgers", () => {
    expect(decideFinality(awaited, notFound(103), terms)).toEqual({
      kind: "missing",
      atLedger: 103,
    });
    const missing = { ...awaited, missingAtLedger: 103 };
    expect(decideFinality(missing, notFound(103), terms)).toEqual({ kind: "waiting" });
    expect(decideFinality(missing, notFound(104), terms)).toEqual({
      kind: "failed",
      failureCode: "settlement_tx_missing",
    });
    expect(decideFinality(missing, success(104), terms)).toEqual({ kind: "final" });
  });

  it("calls a transaction missing that the network says has failed", () => {
    const failed = { ...notFound(104), status: "FAILED" as const, ledger: 100 };
    const missing = { ...awaited, missingAtLedger: 103 };
    expect(decideFinality(missing, failed, terms)).toMatchObject({
      failureCode: "settlement_tx_missing",
    });
  });

  it("is final when the network has forgotten so old a ledger", () => {
    expect(decideFinality(awaited, notFound(90_000, 101), terms)).toEqual({ kind: "final" });
    expect(decideFinality(awaited, notFound(90_000, 100), terms)).toMatchObject({
      kind: "missing",
    });
  });
});
