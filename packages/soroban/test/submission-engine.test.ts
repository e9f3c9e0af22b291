import { describe, expect, it } from "vitest";
import { EngineWorld, FUNDS } from "./support/engine-world.ts";

let world: EngineWorld;

describe("the submission engine", () => {
  it("charges an intent once and reports hash, ledger and new balance", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    const told: unknown[] = [];
    engine.onResolution((resolution) => told.push(resolution));
    const intent = await world.accept(engine);
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts).toMatchObject([{ state: "confirmed" }]);
    expect(record.resolution).toMatchObject({
      evidence: "transaction",
      returnValue: String(FUNDS - 1_000n),
      txHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    await world.until(() => told.length === 1);
    expect(told).toEqual([record.resolution]);
    expect(await world.chargesOf(intent)).toBe(1);
    expect(world.balance()).toBe(FUNDS - 1_000n);
  });

  it("sends as soon as it is woken, without waiting for a poll", async () => {
    const sentAtMs: number[] = [];
    world = await EngineWorld.begin({
      settings: { idlePollMs: 60_000 },
      rpc: (inner) => ({
        ...inner,
        sendTransaction: (envelope) => {
          sentAtMs.push(world.clock());
          return inner.sendTransaction(envelope);
        },
      }),
    });
    const engine = await world.startEngine();
    await world.reached(await world.accept(engine), "confirmed");
    sentAtMs.length = 0;
    const wokenAtMs = world.clock();
    await world.reached(await world.accept(engine), "confirmed");
    expect(sentAtMs[0]).toBe(wokenAtMs);
  });

  it("uses each sequence of its channels once, however many intents they carry", async () => {
    world = await EngineWorld.begin({ channelCount: 3 });
    const engine = await world.startEngine();
    const vaults = await Promise.all(Array.from({ length: 12 }, () => world.newVault()));
    const intents = vaults.map((vaultContractId) => world.intent({ vaultContractId }));
    await world.journal.insertIntents(intents);
    engine.wake();
    const records = await Promise.all(intents.map((intent) => world.reached(intent, "confirmed")));
    const slots = records.flatMap(({ attempts }) =>
      attempts.map(({ channelIndex, sequence }) => `${channelIndex}/${sequence}`),
    );
    expect(new Set(slots).size).toBe(12);
    const balances = vaults.map((vault) => world.balance(vault));
    expect(balances).toEqual(vaults.map(() => FUNDS - 1_000n));
    expect((await world.journal.counts()).channels).toMatchObject({ ready: 3, bound: 0 });
  });

  it("refuses what the vault cannot pay, without a transaction, and charges after a deposit", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    const intent = world.intent({ amountStroops: FUNDS + 1n });
    await world.accept(engine, intent);
    const refused = await world.reached(intent, "refused");
    expect(refused.resolution?.failure).toEqual({
      reason: "insufficient_balance",
      contractError: 5,
    });
    await world.fund(10n);
    expect(await world.journal.rearm("acme", intent.intentId, world.clock())).toBe(true);
    engine.wake();
    const confirmed = await world.reached(intent, "confirmed");
    expect(confirmed.attempts.map(({ state }) => state)).toEqual(["refused", "confirmed"]);
    expect(world.balance()).toBe(9n);
  });

  it("fails with the contract's number when the contract says no on chain", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    await world.faults({ contractError: 36, methods: ["sendTransaction"], count: 1 });
    const intent = await world.accept(engine);
    const record = await world.reached(intent, "failed");
    expect(record.resolution).toMatchObject({
      failure: { reason: "contract_error", contractError: 36 },
      txHash: expect.any(String) as string,
      ledger: expect.any(Number) as number,
    });
    const next = await world.reached(await world.accept(engine), "confirmed");
    expect(next.state).toBe("confirmed");
    expect(world.balance()).toBe(FUNDS - 1_000n);
  });

  it("says that a vault does not exist", async () => {
    world = await EngineWorld.begin();
    const engine = await world.startEngine();
    const vaultContractId = "CDLZFC3SYJYDZT7K67VZ75HPJVIEUVNIXF47ZG2FB2RMQQVU2HHGCYSC";
    const intent = await world.accept(engine, world.intent({ vaultContractId }));
    const record = await world.reached(intent, "refused");
    expect(record.resolution?.failure?.reason).toBe("contract_missing");
  });

  it("fails what waited too long, without sending it", async () => {
    world = await EngineWorld.begin({ settings: { expiresMs: 60_000 } });
    const engine = await world.startEngine();
    const intent = world.intent({ createdAtMs: world.clock() - 60_001 });
    await world.accept(engine, intent);
    const record = await world.reached(intent, "failed");
    expect(record.resolution?.failure).toEqual({ reason: "expired" });
    expect(record.attempts).toMatchObject([{ state: "failed" }]);
  });

  it("hands back its leases when it stops, so that another goes on at once", async () => {
    world = await EngineWorld.begin({ settings: { leaseMs: 3_600_000 } });
    const engine = await world.startEngine();
    await world.faults({ httpStatus: 503 });
    const intent = await world.accept(engine);
    await world.until(() => world.logged.some(({ message }) => message === "no answer"));
    await world.network.finish(engine.stop({ graceMs: 2_000 }));
    world.network.clearFaults();
    await world.startEngine();
    await world.reached(intent, "confirmed");
    expect(await world.chargesOf(intent)).toBe(1);
  });

  it("shares the work with another instance, each intent charged once", async () => {
    world = await EngineWorld.begin({ channelCount: 6 });
    const [first, second] = [await world.startEngine(), await world.startEngine()];
    const intents = Array.from({ length: 30 }, (_, n) =>
      world.intent({ tenantId: ["acme", "beta", "gamma"][n % 3] ?? "acme" }),
    );
    await world.journal.insertIntents(intents);
    first.wake();
    second.wake();
    await Promise.all(intents.map((intent) => world.reached(intent, "confirmed")));
    expect(world.balance()).toBe(FUNDS - 30_000n);
    const charges = await Promise.all(intents.map((intent) => world.chargesOf(intent)));
    expect(charges.every((count) => count === 1)).toBe(true);
  });

  it("makes its channel accounts once, although two instances start together", async () => {
    world = await EngineWorld.begin({ channelCount: 4 });
    const engines = [world.engine(), world.engine()];
    for (const engine of engines) engine.start();
    await world.until(async () => (await world.journal.counts()).channels.ready === 4);
    const record = await world.reached(await world.accept(engines[0]), "confirmed");
    expect(record.attempts).toHaveLength(1);
  });
});
