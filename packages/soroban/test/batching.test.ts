import { describe, expect, it } from "vitest";
import type { SubmissionIntent } from "../src/intent/submission-intent.ts";
import { createMemoryJournal } from "../src/journal/submission-journal.memory.ts";
import type { SorobanRpc } from "../src/rpc/soroban-rpc.ts";
import { EngineWorld, FUNDS } from "./support/engine-world.ts";

let world: EngineWorld;

/** Intents for the one vault, in order of arrival. */
function wanting(...amounts: bigint[]): SubmissionIntent[] {
  const nowMs = world.clock() - 1_000;
  return amounts.map((amountStroops, n) => world.intent({ amountStroops, createdAtMs: nowMs + n }));
}

/** Stores all of them at once, and waits until each has ended. */
async function settle(intents: readonly SubmissionIntent[], engine = world.startEngine()) {
  const worker = await engine;
  await world.journal.insertIntents(intents);
  worker.wake();
  return Promise.all(
    intents.map((intent) => world.reached(intent, "confirmed", "refused", "failed", "unknown")),
  );
}

const hashOf = (record: { resolution?: { txHash?: string } }) => record.resolution?.txHash;

describe("requests that wait for one vault", () => {
  it("ride one transaction, each charged under its own marker", async () => {
    world = await EngineWorld.begin();
    const intents = wanting(...Array.from({ length: 50 }, () => 1_000n));
    const records = await settle(intents);
    expect(records.every(({ state }) => state === "confirmed")).toBe(true);
    expect(new Set(records.map(hashOf)).size).toBe(1);
    const charges = await Promise.all(intents.map((intent) => world.chargesOf(intent)));
    expect(charges.every((count) => count === 1)).toBe(true);
    expect(world.balance()).toBe(FUNDS - 50_000n);
  });

  it("are decided in order of arrival: who cannot be paid is refused, who comes after may go", async () => {
    world = await EngineWorld.begin();
    const records = await settle(wanting(FUNDS - 100n, 60n, 50n, 30n, 11n));
    expect(records.map(({ state }) => state)).toEqual([
      "confirmed",
      "confirmed",
      "refused",
      "confirmed",
      "refused",
    ]);
    expect(records[2]?.resolution?.failure).toEqual({
      reason: "insufficient_balance",
      contractError: 5,
    });
    expect(new Set([0, 1, 3].map((n) => hashOf(records[n] ?? {}))).size).toBe(1);
    expect(world.balance()).toBe(10n);
  });

  it("do not wait for others on an idle system", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    const [first] = await settle(wanting(1_000n), Promise.resolve(engine));
    const [second] = await settle(wanting(1_000n), Promise.resolve(engine));
    expect(hashOf(first ?? {})).not.toBe(hashOf(second ?? {}));
  });

  it("never have two transactions under way, however many instances and channels there are", async () => {
    world = await EngineWorld.begin({ channelCount: 6 });
    const [first, second] = [await world.startEngine(), await world.startEngine()];
    const intents = wanting(...Array.from({ length: 120 }, () => 10n));
    for (const intent of intents) {
      await world.journal.insertIntents([intent]);
      first.wake();
      second.wake();
    }
    const records = await Promise.all(intents.map((intent) => world.reached(intent, "confirmed")));
    const ledgersOfHash = new Map(records.map((r) => [hashOf(r), r.resolution?.ledger]));
    const ledgers = [...ledgersOfHash.values()];
    expect(new Set(ledgers).size).toBe(ledgers.length);
    expect(world.balance()).toBe(FUNDS - 1_200n);
  });

  it("are not failed by one that cannot even be encoded", async () => {
    world = await EngineWorld.begin();
    const [good, bad, other] = wanting(10n, 20n, 30n) as [
      SubmissionIntent,
      SubmissionIntent,
      SubmissionIntent,
    ];
    const records = await settle([good, { ...bad, payee: "nobody" }, other]);
    expect(records.map(({ state }) => state)).toEqual(["confirmed", "refused", "confirmed"]);
    expect(records[1]?.resolution?.failure?.reason).toBe("configuration");
  });

  it("go singly when the contract knows no batches", async () => {
    world = await EngineWorld.begin({
      rpc: (inner) => ({ ...inner, simulateTransaction: refusingBatches(inner) }),
    });
    const records = await settle(wanting(10n, 20n, 30n));
    expect(records.every(({ state }) => state === "confirmed")).toBe(true);
    expect(new Set(records.map(hashOf)).size).toBe(3);
    expect(world.balance()).toBe(FUNDS - 60n);
  });
});

describe("a batch", () => {
  it("that fails on chain is split: the spoiler is refused, its neighbours are charged", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    await world.faults({ contractError: 36, methods: ["sendTransaction"], count: 1 });
    const records = await settle(wanting(10n, 20n, 30n), Promise.resolve(engine));
    expect(records.map(({ state }) => state)).toEqual(["confirmed", "confirmed", "confirmed"]);
    expect(records[0]?.attempts.map(({ state }) => state)).toEqual(["failed", "confirmed"]);
    expect(records[0]?.attempts[0]?.failure).toMatchObject({ contractError: 36 });
    expect(world.balance()).toBe(FUNDS - 60n);
  });

  it("that the network drops is rebuilt whole, on its channel and sequence", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    await world.faults({ dropTransactions: 1 });
    const records = await settle(wanting(10n, 20n, 30n), Promise.resolve(engine));
    const [record] = records;
    expect(record?.attempts.map(({ state }) => state)).toEqual(["dead", "confirmed"]);
    expect(record?.attempts[1]?.sequence).toBe(record?.attempts[0]?.sequence);
    expect(new Set(records.map(hashOf)).size).toBe(1);
    expect(world.balance()).toBe(FUNDS - 60n);
  });

  it("that the network drops while its vault is emptied charges whom the rest still pays", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    await world.faults({ dropTransactions: 1 });
    const intents = wanting(10n, 20n, 30n);
    await world.journal.insertIntents(intents);
    engine.wake();
    await Promise.all(intents.map((intent) => world.reached(intent, "sent")));
    world.network.updateVault(world.vault, { balance: 45n });
    const records = await Promise.all(
      intents.map((intent) => world.reached(intent, "confirmed", "refused")),
    );
    expect(records.map(({ state }) => state)).toEqual(["confirmed", "confirmed", "refused"]);
    expect(records[2]?.attempts.map(({ state }) => state)).toEqual(["dead", "refused"]);
    expect(world.balance()).toBe(15n);
    await world.until(async () => (await world.journal.counts()).channels.bound === 0);
  });

  it("that the network drops while its vault is emptied for good gives its channel back", async () => {
    world = await EngineWorld.begin({ channelCount: 1 });
    const engine = await world.startEngine();
    await world.faults({ dropTransactions: 1 });
    const intents = wanting(10n, 20n);
    await world.journal.insertIntents(intents);
    engine.wake();
    await Promise.all(intents.map((intent) => world.reached(intent, "sent")));
    world.network.updateVault(world.vault, { balance: 5n });
    await Promise.all(intents.map((intent) => world.reached(intent, "refused")));
    await world.fund(100n);
    const [next] = await settle(wanting(10n), Promise.resolve(engine));
    expect(next?.state).toBe("confirmed");
  });

  it("with a charge in it that is on chain already adopts that one and charges the others", async () => {
    world = await EngineWorld.begin();
    const [original] = wanting(10n) as [SubmissionIntent];
    const [first] = await settle([original]);
    const journal = createMemoryJournal();
    const engine = world.engine({ journal });
    engine.start();
    await world.until(async () => (await journal.counts()).channels.ready > 0);
    const [before, after] = wanting(20n, 30n) as [SubmissionIntent, SubmissionIntent];
    await journal.insertIntents([before, { ...original, createdAtMs: before.createdAtMs }, after]);
    engine.wake();
    const endOf = async ({ intentId }: SubmissionIntent) =>
      (await journal.findIntent("acme", intentId))?.resolution;
    await world.until(async () => (await endOf(after)) !== undefined);
    expect((await endOf(original))?.txHash).toBe(hashOf(first ?? {}));
    expect(await endOf(before)).toMatchObject({ state: "confirmed" });
    expect(await world.chargesOf(original)).toBe(1);
    expect(world.balance()).toBe(FUNDS - 60n);
  });
});

/** As a contract without `batch_deduct` answers. */
function refusingBatches(inner: SorobanRpc): SorobanRpc["simulateTransaction"] {
  return async (envelope) => {
    const answer = await inner.simulateTransaction(envelope);
    const isBatch = Buffer.from(envelope, "base64").includes("batch_deduct");
    if (!isBatch) return answer;
    return { latestLedger: answer.latestLedger, error: "HostError: Error(WasmVm, MissingValue)" };
  };
}
