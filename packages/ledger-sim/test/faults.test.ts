import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asFailed, hexHash, operationCode, SimWorld } from "./support/sim-world.ts";

let world: SimWorld;
beforeEach(async () => {
  world = await SimWorld.begin();
});
afterEach(() => world.end());

const setFaults = (faults: object) => world.call("sim_setFaults", faults);

describe("an answer that is lost", () => {
  it("leaves nothing behind when it is lost before acceptance", async () => {
    await setFaults({ lostBeforeAccept: 1 });
    const tx = await world.deduct({ amount: 5n });
    await expect(world.send(tx)).rejects.toThrow("fetch failed");
    expect(await world.call("sim_state")).toMatchObject({ pending: 0, faults: {} });
    expect((await world.send(tx)).status).toBe("PENDING");
  });

  it("hides a transaction that waits when it is lost after acceptance", async () => {
    await setFaults({ lostAfterAccept: 1 });
    const tx = await world.deduct({ amount: 5n });
    await expect(world.send(tx)).rejects.toThrow("fetch failed");
    expect((await world.send(tx)).status).toBe("DUPLICATE");
    world.sim.closeLedger();
    expect((await world.server.getTransaction(hexHash(tx))).status).toBe("SUCCESS");
  });
});

describe("counters", () => {
  it("answer TRY_AGAIN_LATER to so many sends, and queue none of them", async () => {
    await setFaults({ tryAgainLater: 2 });
    const tx = await world.deduct({ amount: 5n });
    const statuses = [await world.send(tx), await world.send(tx)].map(({ status }) => status);
    expect(statuses).toEqual(["TRY_AGAIN_LATER", "TRY_AGAIN_LATER"]);
    expect((await world.send(tx)).status).toBe("PENDING");
  });

  it("answer reads from an older ledger, wholly: entries and the ledger they were read at", async () => {
    const account = world.channel.publicKey();
    const tx = await world.deduct({ amount: 5n });
    const before = await world.sequenceOf(account);
    world.sim.closeLedger(3);
    await world.apply(tx);
    await setFaults({ staleReads: 3 });
    expect(await world.sequenceOf(account)).toBe(before);
    expect((await world.server.getLatestLedger()).sequence).toBe(2);
    expect(await world.server.getTransaction(hexHash(tx))).toMatchObject({
      status: "NOT_FOUND",
      latestLedger: 2,
    });
    expect(await world.sequenceOf(account)).toBe(before + 1n);
  });

  it("answer NOT_FOUND at a ledger that holds the transaction, only just after it closed", async () => {
    await setFaults({ notFoundRace: 1 });
    const tx = await world.deduct({ amount: 5n });
    const raced = await world.apply(tx);
    expect(raced).toMatchObject({ status: "NOT_FOUND", latestLedger: 2 });
    expect((await world.server.getTransaction(hexHash(tx))).status).toBe("SUCCESS");
    await setFaults({ notFoundRace: 1 });
    world.sim.closeLedger(2);
    expect((await world.server.getTransaction(hexHash(tx))).status).toBe("SUCCESS");
  });

  it("apply a ledger's transactions in reverse order of arrival", async () => {
    const sources = [world.channel, world.otherChannel, world.treasury, world.caller];
    const sent: string[] = [];
    await setFaults({ reorderedLedgers: 1 });
    for (const source of sources) {
      const signers = [...new Set([source, world.caller])];
      const tx = await world.deduct({ amount: 1n }, { source, signers });
      sent.push((await world.send(tx)).hash);
    }
    world.sim.closeLedger();
    const { transactions } = await world.server.getTransactions({ startLedger: 2 });
    expect(transactions.map(({ txHash }) => txHash)).toEqual(sent.toReversed());
  });
});

describe("faults of calls", () => {
  it("answer an HTTP status to the methods named, so many times", async () => {
    await setFaults({ httpStatus: 503, count: 2, methods: ["getHealth"] });
    const statusOf = async (method: string) =>
      (await world.post(JSON.stringify({ jsonrpc: "2.0", id: 1, method }))).status;
    expect(await statusOf("getNetwork")).toBe(200);
    expect([await statusOf("getHealth"), await statusOf("getHealth")]).toEqual([503, 503]);
    expect(await statusOf("getHealth")).toBe(200);
  });

  it("answer a JSON-RPC error", async () => {
    await setFaults({ rpcError: { code: -32_603, message: "core is away" } });
    await expect(world.call("getHealth")).rejects.toMatchObject({
      code: -32_603,
      message: "core is away",
    });
    await world.call("sim_clearFaults");
    expect(await world.call("getHealth")).toMatchObject({ status: "healthy" });
  });

  it("delay the answer", async () => {
    await setFaults({ delayMs: 60, methods: ["getHealth"] });
    const started = performance.now();
    await world.call("getHealth");
    expect(performance.now() - started).toBeGreaterThanOrEqual(55);
  });

  it("let the contract fail, in simulation and on the ledger", async () => {
    const tx = await world.deduct({ amount: 5n });
    await setFaults({ contractError: 36, count: 2 });
    await expect(world.deduct({ amount: 5n })).rejects.toThrow("Error(Contract, #36)");
    const answer = await world.apply(tx);
    expect(operationCode(asFailed(answer).resultXdr)).toBe("invokeHostFunctionTrapped");
    expect(await world.vaultBalance()).toBe(1_000_000n);
    expect((await world.apply(await world.deduct({ amount: 5n }))).status).toBe("SUCCESS");
  });

  it("strike by the random source that the network was given", async () => {
    await world.end();
    const draws = [0.1, 0.9, 0.4];
    world = await SimWorld.begin({ random: () => draws.shift() ?? 0.99 });
    await setFaults({ httpStatus: 500, probability: 0.5, methods: ["getHealth"] });
    const statuses: number[] = [];
    for (let call = 0; call < 4; call += 1) {
      const answer = await world.post('{"jsonrpc":"2.0","id":1,"method":"getHealth"}');
      statuses.push(answer.status);
    }
    expect(statuses).toEqual([500, 200, 500, 200]);
  });
});

describe("sim_setFaults", () => {
  it("answers the faults in force and refuses what it does not know, changing nothing", async () => {
    const inForce = await setFaults({ staleReads: 2, httpStatus: 502, methods: ["getEvents"] });
    expect(inForce).toMatchObject({ staleReads: 2, httpStatus: 502, probability: 1 });
    const refused = [
      { staleRead: 1 },
      { staleReads: -1 },
      { staleReads: 1.5 },
      { staleReads: "1" },
      { lostBeforeAccept: 1, httpStatus: 99 },
      { httpStatus: 503, probability: 1.1 },
      { httpStatus: 503, probability: Number.NaN },
      { httpStatus: 503, count: 0 },
      { httpStatus: 503, methods: [] },
      { httpStatus: 503, methods: ["sim_state"] },
      { httpStatus: 503, methods: "getHealth" },
      { rpcError: { code: "x", message: "y" } },
      { contractError: 0 },
      { probability: 0.5 },
    ];
    for (const params of refused) {
      await expect(setFaults(params), JSON.stringify(params)).rejects.toMatchObject({
        code: -32_602,
      });
    }
    expect((await world.call("sim_state"))["faults"]).toEqual(inForce);
    expect(await world.call("sim_clearFaults")).toEqual({});
  });

  it("spares the methods that drive the simulator", async () => {
    await setFaults({ httpStatus: 500 });
    expect(await world.call("sim_state")).toMatchObject({ latestLedger: 1 });
    expect(await world.call("sim_clearFaults")).toEqual({});
  });
});
