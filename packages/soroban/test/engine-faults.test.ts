import { describe, expect, it } from "vitest";
import { createMemoryJournal } from "../src/journal/submission-journal.memory.ts";
import { RpcError } from "../src/rpc/rpc-error.ts";
import type { SorobanRpc } from "../src/rpc/soroban-rpc.ts";
import { channelKeys } from "./support/accounts.ts";
import { EngineWorld, FUNDS, isCharge, sendError } from "./support/engine-world.ts";
import { paymentFrom } from "./support/payment.ts";

let world: EngineWorld;

/** One charge on chain, whatever the attempts. */
async function expectOneCharge(intent: Parameters<EngineWorld["chargesOf"]>[0]) {
  expect(await world.chargesOf(intent)).toBe(1);
  expect(world.balance()).toBe(FUNDS - intent.amountStroops);
}

describe("one intent, one charge, when", () => {
  for (const fault of ["lostBeforeAccept", "lostAfterAccept", "tryAgainLater"] as const) {
    it(`sending meets ${fault}`, async () => {
      world = await EngineWorld.begin();
      const engine = await world.startEngine();
      await world.faults({ [fault]: 2 });
      const intent = await world.accept(engine);
      const record = await world.reached(intent, "confirmed");
      expect(record.attempts).toHaveLength(1);
      await expectOneCharge(intent);
    });
  }

  it("the network drops the transaction: it is proven dead and rebuilt on its sequence", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    await world.faults({ dropTransactions: 1 });
    const intent = await world.accept(engine);
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts.map(({ state }) => state)).toEqual(["dead", "confirmed"]);
    const [dead, confirmed] = record.attempts;
    expect(confirmed?.channelIndex).toBe(dead?.channelIndex);
    expect(confirmed?.sequence).toBe(dead?.sequence);
    expect(confirmed?.replacedHashes).toEqual([dead?.hashes?.[0]?.hash]);
    expect(dead?.ledger).toBeGreaterThanOrEqual((dead?.maxLedger ?? 0) + 2);
    await expectOneCharge(intent);
  });

  it("answers are stale or race with the ledger", async () => {
    world = await EngineWorld.begin({ channelCount: 1 });
    const engine = await world.startEngine();
    await world.faults({ staleReads: 40, notFoundRace: 10 });
    const intents = [world.intent(), world.intent(), world.intent()];
    await world.journal.insertIntents(intents);
    engine.wake();
    await Promise.all(intents.map((intent) => world.reached(intent, "confirmed")));
    expect(world.balance()).toBe(FUNDS - 3_000n);
  });

  it("an entry was archived in the meantime: it failed on chain and is taken up again", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    await world.faults({ archivedEntries: 1 });
    const intent = await world.accept(engine);
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts).toMatchObject([
      {
        state: "failed",
        failure: { reason: "resources", detail: "invokeHostFunctionEntryArchived" },
      },
      { state: "confirmed", replacedHashes: [] },
    ]);
    await expectOneCharge(intent);
  });

  it("the contract keeps no markers: the sequence rule alone holds", async () => {
    world = await EngineWorld.begin();
    world.network.updateVault(world.vault, { hasMarkers: false });
    const engine = await world.startEngine();
    await world.faults({ dropTransactions: 1, lostAfterAccept: 1 });
    const intent = await world.accept(engine);
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts.map(({ state }) => state)).toEqual(["dead", "confirmed"]);
    await expectOneCharge(intent);
  });

  it("the RPC is away: accepted work waits and is charged when it is back", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    await world.faults({ httpStatus: 503 });
    const intent = await world.accept(engine);
    await world.until(() => world.logged.some(({ message }) => message === "no answer"));
    expect((await world.journal.findIntent("acme", intent.intentId))?.state).toBe("received");
    world.network.clearFaults();
    await world.reached(intent, "confirmed");
    await expectOneCharge(intent);
  });

  it("somebody else uses the channel: it is quarantined and another takes over", async () => {
    let isSwallowing = true;
    const swallow = (inner: SorobanRpc): SorobanRpc => ({
      ...inner,
      async sendTransaction(envelope) {
        const isLost = isSwallowing && isCharge(envelope);
        if (isLost) throw new RpcError("timeout", "sendTransaction");
        return inner.sendTransaction(envelope);
      },
    });
    world = await EngineWorld.begin({ rpc: swallow, settings: { quarantineMs: 3_600_000 } });
    const engine = await world.startEngine();
    const intent = await world.accept(engine);
    const sent = await world.reached(intent, "sent");
    const [attempt] = sent.attempts;
    const usurped = channelKeys(attempt?.channelIndex ?? -1);
    await world.rpc.sendTransaction(await paymentFrom(world.rpc, usurped, "0.0000001"));
    isSwallowing = false;
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts.map(({ state }) => state)).toEqual(["dead", "confirmed"]);
    expect(record.attempts[1]?.channelIndex).not.toBe(attempt?.channelIndex);
    expect((await world.journal.counts()).channels.quarantined).toBe(1);
    expect(world.logged).toContainEqual(
      expect.objectContaining({ level: "error", message: "channel quarantined" }),
    );
    await expectOneCharge(intent);
  });

  it("the network will never accept the bytes: it fails as configuration, once that is proven", async () => {
    world = await EngineWorld.begin({
      rpc: (inner) => ({
        ...inner,
        sendTransaction: async (envelope) => {
          if (!isCharge(envelope)) return inner.sendTransaction(envelope);
          return sendError("txBadAuth");
        },
      }),
    });
    const engine = await world.startEngine();
    const intent = await world.accept(engine);
    const record = await world.reached(intent, "failed");
    expect(record.resolution?.failure).toEqual({ reason: "configuration", detail: "txBadAuth" });
    expect(record.attempts.map(({ state }) => state)).toEqual(["dead", "failed"]);
    expect(world.balance()).toBe(FUNDS);
  });
});

describe("polling", () => {
  it("makes at most two calls for a transaction in a ledger", async () => {
    let calls = 0;
    const counted = (inner: SorobanRpc): SorobanRpc => ({
      ...inner,
      getTransaction: (hash) => {
        calls += 1;
        return inner.getTransaction(hash);
      },
    });
    world = await EngineWorld.begin({ rpc: counted, settings: { validityLedgers: 14 } });
    const engine = await world.startEngine();
    await world.reached(await world.accept(engine), "confirmed");
    await world.faults({ dropTransactions: 1 });
    const intent = await world.accept(engine);
    const sent = await world.reached(intent, "sent");
    calls = 0;
    const record = await world.reached(intent, "dead", "prepared", "confirmed");
    const ledgers = (record.attempts[0]?.ledger ?? 0) - (sent.attempts[0]?.ledgerAtBuild ?? 0);
    expect(ledgers).toBeGreaterThan(14);
    expect(calls).toBeLessThanOrEqual(2 * ledgers + 2);
  });
});

describe("a marker that is on chain already", () => {
  it("stands for the same charge: the original is adopted", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    const intent = await world.accept(engine);
    const original = await world.reached(intent, "confirmed");
    const journal = createMemoryJournal();
    await startOn(journal);
    await journal.insertIntents([intent]);
    await world.until(async () => {
      const record = await journal.findIntent("acme", intent.intentId);
      return record?.state === "confirmed";
    });
    const adopted = await journal.findIntent("acme", intent.intentId);
    expect(adopted?.resolution).toMatchObject({
      txHash: original.resolution?.txHash,
      ledger: original.resolution?.ledger,
    });
    await expectOneCharge(intent);
  });

  it("stands for another charge: nobody is charged and an operator is told", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    const intent = await world.accept(engine);
    await world.reached(intent, "confirmed");
    const journal = createMemoryJournal();
    await startOn(journal);
    await journal.insertIntents([{ ...intent, amountStroops: 999n }]);
    await world.until(async () => (await journal.counts()).unknown === 1);
    const record = await journal.findIntent("acme", intent.intentId);
    expect(record?.resolution?.failure).toMatchObject({
      reason: "adoption_mismatch",
      detail: expect.stringContaining("differs in amountStroops") as string,
    });
    expect(world.logged).toContainEqual(
      expect.objectContaining({ level: "error", message: "outcome unknown" }),
    );
    await expectOneCharge(intent);
  });
});

/** An engine on a journal that knows nothing of the first one's charges. */
async function startOn(journal: ReturnType<typeof createMemoryJournal>) {
  const engine = world.engine({ journal });
  engine.start();
  await world.until(async () => (await journal.counts()).channels.ready > 0);
  return engine;
}
