import { xdr } from "@stellar/stellar-sdk/base";
import { afterEach, describe, expect, it } from "vitest";
import type { SimulationAnswer, SorobanRpc } from "../src/rpc/soroban-rpc.ts";
import { EngineWorld, FUNDS, until, type WorldOptions } from "./support/engine-world.ts";

let world: EngineWorld;
let restorations: string[] = [];

async function begin(options?: WorldOptions) {
  restorations = [];
  world = await EngineWorld.begin({ rpc: archiving, ...options });
  return world;
}

afterEach(() => world.end());

/** A server that wants the vault's instance restored before anything is charged. */
function archiving(inner: SorobanRpc): SorobanRpc {
  return {
    ...inner,
    async simulateTransaction(envelope) {
      const answer = await inner.simulateTransaction(envelope);
      const isCharge = Buffer.from(envelope, "base64").includes("deduct");
      return isCharge && restorations.length === 0 ? archived(answer) : answer;
    },
    async sendTransaction(envelope) {
      const answer = await inner.sendTransaction(envelope);
      if (operationOf(envelope) === "restoreFootprint" && answer.status === "PENDING") {
        restorations.push(envelope);
      }
      return answer;
    },
  };
}

function operationOf(envelope: string): string | undefined {
  const decoded = xdr.TransactionEnvelope.fromXdr(envelope, "base64");
  return decoded.type === "envelopeTypeTx" ? decoded.v1.tx.operations[0]?.body.type : undefined;
}

function archived(answer: SimulationAnswer): SimulationAnswer {
  const data = xdr.SorobanTransactionData.fromXdr(answer.transactionData ?? "", "base64");
  const { readOnly, readWrite } = data.resources.footprint;
  const instance = [...readOnly, ...readWrite].filter(
    (key) =>
      key.type === "contractData" && key.contractData.key.type === "scvLedgerKeyContractInstance",
  );
  const resources = new xdr.SorobanResources({
    footprint: new xdr.LedgerFootprint({ readOnly: [], readWrite: instance }),
    instructions: 0,
    diskReadBytes: 2_000,
    writeBytes: 2_000,
  });
  const { ext, resourceFee } = data;
  const restore = new xdr.SorobanTransactionData({ ext, resources, resourceFee });
  const restorePreamble = { minResourceFee: "1", transactionData: restore.toXdr("base64") };
  return { ...answer, restorePreamble };
}

describe("archived entries", () => {
  it("are restored by a transaction of their own, and then the charge follows", async () => {
    await begin();
    const intents = [world.intent(), world.intent()];
    const engine = await world.startEngine();
    await world.journal.insertIntents(intents);
    engine.wake();
    const [record] = await Promise.all(intents.map((i) => world.reached(i, "confirmed")));
    expect(record?.attempts).toMatchObject([
      { purpose: "restore", state: "confirmed" },
      { purpose: "charge", state: "confirmed", replacedHashes: [] },
    ]);
    expect(record?.resolution?.txHash).toBe(record?.attempts[1]?.hashes?.[0]?.hash);
    expect(restorations).toHaveLength(1);
    expect(await world.balance()).toBe(FUNDS - 2_000n);
  });

  it("whose restoration is dropped are restored again on its sequence", async () => {
    await begin();
    const engine = await world.startEngine();
    await world.faults({ dropTransactions: 1 });
    const intent = world.intent();
    // The server goes on asking for it until one has been applied.
    const isSecond = until(async () => {
      const record = await world.journal.findIntent("acme", intent.intentId);
      if (record?.state === "sent" && record.attempts.length === 1) restorations = [];
      return (record?.attempts.length ?? 0) > 1;
    });
    await world.accept(engine, intent);
    await isSecond;
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts).toMatchObject([
      { purpose: "restore", state: "dead" },
      { purpose: "restore", state: "confirmed" },
      { purpose: "charge", state: "confirmed" },
    ]);
    expect(record.attempts[1]?.sequence).toBe(record.attempts[0]?.sequence);
    expect(await world.chargesOf(intent)).toBe(1);
  });

  it("are restored once and charged once when the worker dies before it tells", async () => {
    await begin({ settings: { leaseMs: 300 } });
    let isDead = false;
    const never = () => new Promise<never>(() => {});
    const dying = await world.startEngine({
      journal: {
        ...world.journal,
        renew: (...args) => (isDead ? never() : world.journal.renew(...args)),
        leaseDue: (...args) => (isDead ? never() : world.journal.leaseDue(...args)),
        markRestored: () => {
          isDead = true;
          return never();
        },
      },
    });
    const intent = await world.accept(dying);
    await until(() => isDead);
    await world.startEngine();
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts.map(({ purpose }) => purpose)).toEqual(["restore", "charge"]);
    expect(restorations).toHaveLength(1);
    expect(await world.chargesOf(intent)).toBe(1);
  });
});
