import { describe, expect, it } from "vitest";
import type { SorobanRpc } from "../../../src/rpc/soroban-rpc.ts";
import { watchPolls } from "./poll-watch.ts";

/** A network at a ledger that the test moves, which knows of no transaction. */
function networkAt(now: { ledger: number }): SorobanRpc {
  const nothing = async () => ({ latestLedger: now.ledger, entries: [], events: [] });
  return {
    getLatestLedger: async () => ({ sequence: now.ledger }),
    getTransaction: async () => ({
      status: "NOT_FOUND" as const,
      latestLedger: now.ledger,
      oldestLedger: 1,
    }),
    sendTransaction: async () => ({
      status: "PENDING" as const,
      latestLedger: now.ledger,
      hash: "aa",
    }),
    simulateTransaction: nothing,
    getLedgerEntries: nothing,
    getEvents: async () => ({
      latestLedger: now.ledger,
      events: [{ ledger: 1, txHash: "ee", contractId: "", topic: [], value: "" }],
    }),
    getFeeStats: async () => ({
      latestLedger: now.ledger,
      sorobanInclusionFee: { p50: "1", p90: "1", max: "1" },
    }),
  };
}

describe("the watch over polls", () => {
  const watched = () => {
    const now = { ledger: 5 };
    const told: string[] = [];
    return { now, told, rpc: watchPolls(networkAt(now), (detail) => told.push(detail)) };
  };

  it("tells of a third call about a transaction, sends included", async () => {
    const { rpc, told } = watched();
    await rpc.sendTransaction("");
    await rpc.getTransaction("aa");
    expect(told).toEqual([]);
    await rpc.getTransaction("bb");
    await rpc.getTransaction("aa");
    expect(told).toEqual(["3 calls about aa in ledger 5"]);
  });

  it("begins again with a newer ledger, from whatever answer it is heard", async () => {
    const { rpc, told, now } = watched();
    await rpc.getTransaction("aa");
    await rpc.getTransaction("aa");
    now.ledger = 6;
    await rpc.getLatestLedger();
    await rpc.getTransaction("aa");
    await rpc.getTransaction("aa");
    expect(told).toEqual([]);
    now.ledger = 5;
    await rpc.getTransaction("aa");
    expect(told).toHaveLength(1);
  });

  it("leaves out what an event named: that is known to be there", async () => {
    const { rpc, told } = watched();
    await rpc.getEvents({ contractId: "", limit: 1 });
    for (let look = 0; look < 3; look += 1) await rpc.getTransaction("ee");
    expect(told).toEqual([]);
  });
});
