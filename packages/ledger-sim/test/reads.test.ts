import { contract, Keypair, type rpc, scValToNative, xdr } from "@stellar/stellar-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asSuccess, NETWORK, SimWorld } from "./support/sim-world.ts";

let world: SimWorld;
beforeEach(async () => {
  world = await SimWorld.begin();
});
afterEach(() => world.end());

interface VaultClient {
  balance(): Promise<contract.AssembledTransaction<bigint>>;
  is_request_processed(args: {
    request_id: string;
  }): Promise<contract.AssembledTransaction<boolean>>;
}

async function deductMany(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    await world.apply(await world.deduct({ amount: 1n, requestId: `r${at}` }));
  }
}

describe("an unmodified SDK", () => {
  it("builds a contract client from the network and reads the balance through it", async () => {
    const client = await contract.Client.from<VaultClient>({
      contractId: world.vault,
      rpcUrl: world.sim.url,
      networkPassphrase: NETWORK,
      allowHttp: true,
    });
    await world.apply(await world.deduct({ amount: 5n, requestId: "seen" }));
    expect((await client.balance()).result).toBe(999_995n);
    expect((await client.is_request_processed({ request_id: "seen" })).result).toBe(true);
    expect((await client.is_request_processed({ request_id: "unseen" })).result).toBe(false);
  });

  it("charges through the client's own signAndSend", async () => {
    const auto = await startTimed();
    const client = await contract.Client.from({
      contractId: world.vault,
      rpcUrl: auto.url,
      networkPassphrase: NETWORK,
      allowHttp: true,
      publicKey: world.caller.publicKey(),
      ...contract.basicNodeSigner(world.caller, NETWORK),
    });
    const call = client as unknown as {
      deduct(args: object): Promise<contract.AssembledTransaction<bigint>>;
    };
    const assembled = await call.deduct({
      caller: world.caller.publicKey(),
      amount: 5n,
      request_id: "signed",
      max_fee_bps: 0,
      developer: world.developer,
    });
    const sent = await assembled.signAndSend();
    expect(sent.result).toBe(999_995n);
  });

  /** A network whose ledgers close by themselves. */
  async function startTimed() {
    await world.end();
    await world.start({ closeMs: 50 });
    await world.call("sim_fund", { contractId: world.vault, amount: "1000000" });
    return world.sim;
  }

  it("decodes the latest ledger's header and close meta", async () => {
    world.sim.closeLedger(3);
    const latest = await world.server.getLatestLedger();
    expect(latest.sequence).toBe(4);
    expect(latest.headerXdr.ledgerSeq).toBe(4);
    expect(latest.metadataXdr.type).toBe("v2");
  });

  it("creates an account with the friendbot, and only once", async () => {
    const newcomer = Keypair.random().publicKey();
    const funded = await world.server.fundAddress(newcomer);
    expect(await world.sequenceOf(newcomer)).toBe(BigInt(funded.ledger) << 32n);
    expect(await world.lumensOf(newcomer)).toBe(100_000_000_000n);
    await expect(world.server.fundAddress(newcomer)).rejects.toThrow("AlreadyExist");
    expect(await world.lumensOf(newcomer)).toBe(100_000_000_000n);
  });

  it("reads network, health, version and fee statistics", async () => {
    await deductMany(1);
    expect(await world.server.getNetwork()).toMatchObject({ passphrase: NETWORK });
    expect(await world.server.getHealth()).toMatchObject({ status: "healthy", latestLedger: 2 });
    expect((await world.server.getVersionInfo()).protocolVersion).toBe(26);
    const stats = await world.server.getFeeStats();
    expect(stats.sorobanInclusionFee).toMatchObject({ transactionCount: "1", p99: "100" });
  });

  it("lists ledgers by pages", async () => {
    world.sim.closeLedger(4);
    const first = await world.server.getLedgers({ startLedger: 1, pagination: { limit: 3 } });
    const second = await world.server.getLedgers({ pagination: { cursor: first.cursor } });
    expect([...first.ledgers, ...second.ledgers].map(({ sequence }) => sequence)).toEqual([
      1, 2, 3, 4, 5,
    ]);
    const [previous, next] = first.ledgers;
    expect(next?.headerXdr.header.previousLedgerHash.toString()).toBe(previous?.hash);
  });
});

describe("getTransaction", () => {
  it("gives meta v4 with the changed entries and the return value", async () => {
    const tx = await world.deduct({ amount: 5n, requestId: "r" });
    const answer = asSuccess(await world.apply(tx));
    expect(answer.resultMetaXdr.type).toBe("v4");
    if (answer.resultMetaXdr.type !== "v4") return;
    const { operations, txChangesBefore } = answer.resultMetaXdr.v4;
    expect(operations[0]?.changes.map(({ type }) => type).toSorted()).toEqual([
      "ledgerEntryCreated",
      "ledgerEntryCreated",
      "ledgerEntryState",
      "ledgerEntryUpdated",
    ]);
    expect(txChangesBefore).toHaveLength(2);
    expect(answer.ledger).toBe(answer.latestLedger);
  });

  it("forgets what is past retention, and says from which ledger on it knows", async () => {
    await world.end();
    world = await SimWorld.begin({ settings: { retentionLedgers: 5 } });
    const tx = await world.deduct({ amount: 5n });
    const { txHash } = await world.apply(tx);
    world.sim.closeLedger(4);
    expect((await world.server.getTransaction(txHash)).status).toBe("SUCCESS");
    world.sim.closeLedger();
    const gone = await world.server.getTransaction(txHash);
    expect(gone).toMatchObject({ status: "NOT_FOUND", oldestLedger: 3, latestLedger: 7 });
  });
});

describe("memory", () => {
  it("is bounded by forgetting the oldest ledgers, and their lookups with them", async () => {
    await world.end();
    world = await SimWorld.begin({ settings: { retainedBytes: 40_000 } });
    const first = await world.apply(await world.deduct({ amount: 1n }));
    await deductMany(10);
    const { oldestLedger, latestLedger } = await world.server.getHealth();
    expect(oldestLedger).toBeGreaterThan(2);
    expect(latestLedger).toBe(12);
    expect((await world.server.getTransaction(first.txHash)).status).toBe("NOT_FOUND");
    const { events } = await world.server.getEvents({ startLedger: oldestLedger, filters: [] });
    expect(events[0]?.ledger).toBe(oldestLedger);
  });
});

describe("getTransactions", () => {
  it("pages through every transaction once, in order", async () => {
    await deductMany(5);
    const seen: number[] = [];
    let page = await world.server.getTransactions({ startLedger: 1, pagination: { limit: 2 } });
    while (page.transactions.length > 0) {
      seen.push(...page.transactions.map(({ ledger }) => ledger));
      page = await world.server.getTransactions({
        pagination: { cursor: page.cursor, limit: 2 },
      });
    }
    expect(seen).toEqual([2, 3, 4, 5, 6]);
  });
});

describe("getEvents", () => {
  it("pages through every event once, and goes on from where it ended", async () => {
    await deductMany(5);
    const seen: string[] = [];
    let page = await world.server.getEvents({ startLedger: 1, filters: [], limit: 2 });
    for (; page.events.length > 0; ) {
      seen.push(...page.events.map(({ topic }) => String(scValToNative(topic[2] as xdr.ScVal))));
      page = await world.server.getEvents({ cursor: page.cursor, filters: [], limit: 2 });
    }
    expect(seen).toEqual(["r0", "r1", "r2", "r3", "r4"]);
    await world.apply(await world.deduct({ amount: 1n, requestId: "later" }));
    const later = await world.server.getEvents({ cursor: page.cursor, filters: [] });
    expect(later.events).toHaveLength(1);
  });

  it("filters by contract and by topics with wildcards", async () => {
    await deductMany(2);
    await world.call("sim_emitEvent", {
      contractId: world.vault,
      topics: ["burn", world.developer],
      data: { amount: "100" },
    });
    world.sim.closeLedger();
    const count = async (filter: rpc.Api.EventFilter) =>
      (await world.server.getEvents({ startLedger: 1, filters: [filter] })).events.length;
    const symbol = (name: string) => xdr.ScVal.scvSymbol(name).toXdr("base64");
    expect(await count({ contractIds: [world.vault] })).toBe(3);
    expect(await count({ topics: [[symbol("deduct"), "*", "*"]] })).toBe(2);
    expect(await count({ topics: [[symbol("deduct"), "*", symbol("r1")]] })).toBe(1);
    expect(await count({ topics: [[symbol("deduct"), "*"]] })).toBe(0);
    expect(await count({ topics: [[symbol("deduct"), "**"]] })).toBe(2);
    expect(await count({ topics: [["*", "*"]] })).toBe(1);
    expect(await count({ type: "system" })).toBe(0);
  });

  it("stops before endLedger", async () => {
    await deductMany(3);
    const page = await world.server.getEvents({ startLedger: 2, endLedger: 4, filters: [] });
    expect(page.events.map(({ ledger }) => ledger)).toEqual([2, 3]);
  });

  it("refuses a start outside of what it keeps", async () => {
    for (const startLedger of [0, 99]) {
      await expect(world.call("getEvents", { startLedger })).rejects.toMatchObject({
        message: expect.stringContaining("startLedger must be"),
      });
    }
  });
});

describe("sim_emitEvent", () => {
  it("puts SCVal JSON and native values into the next ledger alike", async () => {
    const contractId = world.vault;
    await world.call("sim_emitEvent", {
      contractId,
      topics: [{ symbol: "burn" }, { address: world.developer }],
      data: { map: [{ key: { symbol: "amount" }, val: { i128: "100" } }] },
    });
    await world.call("sim_emitEvent", {
      contractId,
      topics: ["burn", world.developer],
      data: { amount: 100 },
    });
    world.sim.closeLedger();
    const { events } = await world.server.getEvents({ startLedger: 2, filters: [] });
    expect(events).toHaveLength(2);
    for (const { topic, value, ledger } of events) {
      expect(topic.map(scValToNative)).toEqual(["burn", world.developer]);
      expect(scValToNative(value)).toEqual({ amount: 100n });
      expect(ledger).toBe(2);
    }
    expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  });
});
