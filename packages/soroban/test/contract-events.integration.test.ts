import { type LedgerSim, startLedgerSim } from "@orrery/ledger-sim/server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EventsGoneError, readContractEvents } from "../src/events/read-contract-events.ts";
import { createHttpSorobanRpc } from "../src/rpc/http-soroban-rpc.ts";
import { RpcError } from "../src/rpc/rpc-error.ts";
import type { EventsAnswer, SorobanRpc } from "../src/rpc/soroban-rpc.ts";
import { NETWORK } from "./support/accounts.ts";

const TOKEN = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";
const OTHER = "CDVBSEDY43LMIDH5ENIZNEUB4RVHYKTBFI3E3FL6AE7462HRZ7RXLFTA";
const RETENTION = 20;

let sim: LedgerSim;
let rpc: SorobanRpc;

beforeEach(async () => {
  sim = await startLedgerSim({
    networkPassphrase: NETWORK,
    settings: { retentionLedgers: RETENTION },
  });
  rpc = createHttpSorobanRpc({ url: sim.url, timeoutMs: 5_000 });
});
afterEach(() => sim.close());

const latest = () => sim.ledger.latest.sequence;
const emit = (name: string, contractId = TOKEN) =>
  sim.call("sim_emitEvent", { contractId, topics: [{ symbol: name }], data: { amount: "7" } });

describe("the events of a contract", () => {
  it("come in their order, page by page, as the values that they stand for", async () => {
    for (const name of ["one", "two", "three"]) await emit(name);
    await emit("foreign", OTHER);
    sim.closeLedger();
    const first = await readContractEvents(rpc, TOKEN, { ledger: latest() }, 2);
    expect(first?.events.map(({ topics }) => topics)).toEqual([["one"], ["two"]]);
    expect(first?.events[0]).toMatchObject({
      contractId: TOKEN,
      ledger: latest(),
      txHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      closedAt: expect.any(Date),
      data: { amount: expect.anything() },
    });
    sim.closeLedger(3);
    const second = await readContractEvents(rpc, TOKEN, { cursor: first?.cursor ?? "" }, 2);
    expect(second?.events.map(({ topics }) => topics)).toEqual([["three"]]);
    expect(second?.ledger).toBe(latest());
    const third = await readContractEvents(rpc, TOKEN, { cursor: second?.cursor ?? "" }, 2);
    expect(third?.events).toEqual([]);
  });

  it("have ids that are their own, whoever asks from wherever", async () => {
    for (const name of ["one", "two"]) await emit(name);
    sim.closeLedger();
    const page = await readContractEvents(rpc, TOKEN, { ledger: latest() }, 10);
    const again = await readContractEvents(rpc, TOKEN, { ledger: latest() - 1 }, 10);
    expect(again?.events).toEqual(page?.events);
    expect(new Set(page?.events.map(({ id }) => id)).size).toBe(2);
  });

  it("are not there yet behind the newest ledger", async () => {
    expect(await readContractEvents(rpc, TOKEN, { ledger: latest() + 1 }, 10)).toBeUndefined();
  });

  it("are gone before the oldest ledger that is kept, and the error says which that is", async () => {
    await emit("one");
    sim.closeLedger();
    const page = await readContractEvents(rpc, TOKEN, { ledger: latest() }, 10);
    sim.closeLedger(RETENTION + 10);
    for (const position of [{ ledger: 2 }, { cursor: page?.cursor ?? "" }]) {
      const reading = readContractEvents(rpc, TOKEN, position, 10);
      await expect(reading).rejects.toBeInstanceOf(EventsGoneError);
      await expect(reading).rejects.toMatchObject({ oldestLedger: latest() - RETENTION + 1 });
    }
  });

  it("leave failed calls out, and refuse answers that are none", async () => {
    await emit("one");
    sim.closeLedger();
    const from = { ledger: latest() };
    const through = (change: (answer: EventsAnswer) => EventsAnswer) => ({
      getTransaction: rpc.getTransaction,
      getEvents: async (request: Parameters<SorobanRpc["getEvents"]>[0]) =>
        change(await rpc.getEvents(request)),
    });
    const failed = through((answer) => ({
      ...answer,
      events: answer.events.map((event) => ({ ...event, inSuccessfulContractCall: false })),
    }));
    expect((await readContractEvents(failed, TOKEN, from, 10))?.events).toEqual([]);
    const broken = [
      through((answer) => {
        const { cursor: _cursor, ...rest } = answer;
        return rest;
      }),
      through((answer) => ({
        ...answer,
        events: answer.events.map((event) => ({ ...event, id: "7" })),
      })),
      through((answer) => ({
        ...answer,
        events: answer.events.map((event) => ({ ...event, value: "no xdr" })),
      })),
    ];
    for (const rpcOf of broken) {
      await expect(readContractEvents(rpcOf, TOKEN, from, 10)).rejects.toMatchObject({
        name: "RpcError",
        kind: "malformed",
      });
    }
    const refusing = {
      getTransaction: rpc.getTransaction,
      getEvents: async () => {
        throw new RpcError("json_rpc", "getEvents", { code: -32_603 });
      },
    };
    await expect(readContractEvents(refusing, TOKEN, from, 10)).rejects.toMatchObject({
      kind: "json_rpc",
    });
  });
});
