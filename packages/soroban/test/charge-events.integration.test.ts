import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createHttpSorobanRpc } from "../src/rpc/http-soroban-rpc.ts";
import type { EventsAnswer, SorobanRpc } from "../src/rpc/soroban-rpc.ts";
import { type ChargeEvent, readChargeEvents, readRetention } from "../src/vault/charge-events.ts";
import { NETWORK, submitter } from "./support/accounts.ts";

const VAULT = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";

let sim: LedgerSim;
let rpc: SorobanRpc;

beforeEach(async () => {
  sim = await startLedgerSim({ networkPassphrase: NETWORK, settings: { retentionLedgers: 50 } });
  rpc = createHttpSorobanRpc({ url: sim.url, timeoutMs: 5_000 });
});
afterEach(() => sim.close());

const latest = () => sim.ledger.latest.sequence;

async function emit(marker: unknown, data: unknown = [{ i128: "5" }, { i128: "1" }]) {
  const topics = [{ symbol: "deduct" }, { address: submitter.publicKey }, marker];
  await sim.call("sim_emitEvent", { contractId: VAULT, topics, data });
}

async function read(
  fromLedger: number,
  toLedger: number,
  through: Pick<SorobanRpc, "getEvents"> = rpc,
): Promise<ChargeEvent[][]> {
  const groups: ChargeEvent[][] = [];
  const request = { vaultContractId: VAULT, fromLedger, toLedger };
  for await (const group of readChargeEvents(through, request)) groups.push(group);
  return groups;
}

describe("the charges of a vault", () => {
  it("come ledger by ledger, with what they say", async () => {
    await emit({ symbol: "m1" });
    await emit({ symbol: "m2" });
    sim.closeLedger(3);
    await emit({ symbol: "m3" });
    sim.closeLedger();
    const groups = await read(2, latest());
    expect(groups.map((group) => group.map(({ marker }) => marker))).toEqual([
      ["m1", "m2"],
      ["m3"],
    ]);
    expect(groups[0]?.[0]).toEqual({
      vaultContractId: VAULT,
      ledger: expect.any(Number),
      txHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      caller: submitter.publicKey,
      marker: "m1",
      amountStroops: 5n,
    });
  });

  it("leave out what cannot be read, and nothing else", async () => {
    await emit("void");
    await emit({ symbol: "m1" }, { u32: 7 });
    sim.closeLedger();
    const [nameless, odd] = (await read(2, latest())).flat();
    expect(nameless).not.toHaveProperty("marker");
    expect(nameless).toHaveProperty("amountStroops", 5n);
    expect(odd).not.toHaveProperty("amountStroops");
    const answer = await rpc.getEvents({
      contractId: VAULT,
      topics: ["*", "*", "*"],
      startLedger: 2,
      limit: 1,
    });
    const broken = answer.events.map((event) => ({ ...event, topic: ["AAAA"], value: "?" }));
    const [bare] = (await read(2, latest(), answering({ ...answer, events: broken }))).flat();
    expect(Object.keys(bare ?? {}).sort()).toEqual(["ledger", "txHash", "vaultContractId"]);
  });

  it("are all there, however many pages they fill, and end with the range", async () => {
    for (let count = 0; count < 1_200; count += 1) await emit({ symbol: `a${count}` });
    sim.closeLedger();
    const first = latest();
    for (let count = 0; count < 900; count += 1) await emit({ symbol: `b${count}` });
    sim.closeLedger();
    await emit({ symbol: "after" });
    sim.closeLedger();
    const groups = await read(2, first + 1);
    expect(groups.map((group) => group.length)).toEqual([1_200, 900]);
    expect(new Set(groups.flat().map(({ marker }) => marker)).size).toBe(2_100);
  });

  it("pass over what a call that failed has announced", async () => {
    await emit({ symbol: "m1" });
    sim.closeLedger();
    const topics = ["*", "*", "*"];
    const answer = await rpc.getEvents({ contractId: VAULT, topics, startLedger: 2, limit: 9 });
    const failed = answer.events.map((event) => ({ ...event, inSuccessfulContractCall: false }));
    const events = [...failed, ...answer.events];
    expect((await read(2, latest(), answering({ ...answer, events }))).flat()).toHaveLength(1);
  });

  it("are not told from a node that is behind, or has forgotten", async () => {
    sim.closeLedger(10);
    await sim.call("sim_setFaults", { staleReads: 1 });
    await expect(read(2, latest())).rejects.toThrow(`behind ledger ${latest()}`);
    sim.closeLedger(60);
    await expect(read(2, latest())).rejects.toThrow("getEvents");
    const { oldestLedger, latestLedger } = await readRetention(rpc);
    expect([oldestLedger, latestLedger]).toEqual([latest() - 49, latest()]);
    expect(await read(oldestLedger, latestLedger)).toEqual([]);
    const forgetful = answering({ latestLedger, oldestLedger, events: [] });
    await expect(read(oldestLedger - 1, latestLedger, forgetful)).rejects.toThrow("without ledger");
  });

  it("end where a server gives no cursor, and are refused where the cursor stands still", async () => {
    const latestLedger = latest();
    expect(await read(2, latestLedger, answering({ latestLedger, events: [] }))).toEqual([]);
    const stuck = { latestLedger: 90, cursor: String(80n << 32n).concat("-1"), events: [] };
    await expect(read(2, 90, answering(stuck))).rejects.toThrow("does not move");
    const foreign = { latestLedger: 90, cursor: "opaque", events: [] };
    expect(await read(2, 90, answering(foreign))).toEqual([]);
  });
});

/** A server that answers every page alike. */
function answering(answer: EventsAnswer): Pick<SorobanRpc, "getEvents"> {
  return { getEvents: async () => answer };
}
