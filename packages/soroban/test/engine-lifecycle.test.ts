import { describe, expect, it } from "vitest";
import type { SubmissionJournal } from "../src/journal/submission-journal.ts";
import { EngineWorld, FUNDS, isCharge } from "./support/engine-world.ts";

const never = () => new Promise<never>(() => {});

describe("an engine that has not been started", () => {
  it("takes no work and makes no channels; then it starts once, however often it is told", async () => {
    const world = await EngineWorld.begin({ channelCount: 1 });
    const engine = world.engine();
    engine.resizeChannels(2);
    const intent = await world.accept(engine);
    await world.network.pass(60_000);
    expect((await world.journal.findIntent("acme", intent.intentId))?.state).toBe("received");
    expect(await world.journal.listChannels()).toEqual([]);
    await world.engine().stop({ graceMs: 1_000 });
    engine.start();
    engine.start();
    await world.reached(intent, "confirmed");
    expect((await world.journal.listChannels()).map(({ index }) => index)).toEqual([0, 1]);
    expect(world.balance()).toBe(FUNDS - 1_000n);
  });
});

describe("an engine that stops", () => {
  it("waits no longer than it is given for a step that does not end", async () => {
    const world = await EngineWorld.begin();
    let isStuck = false;
    const stuck = {
      ...world.rpc,
      sendTransaction(envelope: string) {
        if (!isCharge(envelope)) return world.rpc.sendTransaction(envelope);
        isStuck = true;
        return never();
      },
    };
    const engine = await world.startEngine({ rpc: stuck });
    const intent = await world.accept(engine);
    await world.until(() => isStuck);
    const stoppedAtMs = world.clock();
    await world.network.finish(engine.stop({ graceMs: 1_000 }));
    expect(world.clock() - stoppedAtMs).toBe(1_000);
    // Its lease is handed back: the next goes on at once.
    await world.startEngine();
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts).toHaveLength(1);
    expect(await world.chargesOf(intent)).toBe(1);
  });

  it("takes no step that was due while it stopped", async () => {
    const world = await EngineWorld.begin();
    let asked = 0;
    const rpc = {
      ...world.rpc,
      getTransaction(hash: string) {
        asked += 1;
        return world.rpc.getTransaction(hash);
      },
    };
    const engine = await world.startEngine({ rpc });
    await world.faults({ dropTransactions: 1 });
    await world.reached(await world.accept(engine), "sent");
    await world.network.finish(engine.stop({ graceMs: 1_000 }));
    asked = 0;
    engine.wake();
    await world.network.pass(60_000);
    expect(asked).toBe(0);
  });

  it("leaves channels that it was making to the next", async () => {
    const world = await EngineWorld.begin({ channelCount: 2 });
    const engine = world.engine();
    engine.start();
    await world.until(() => world.network.simulator.ledger.pendingCount > 0);
    await world.network.finish(engine.stop({ graceMs: 60_000 }));
    expect((await world.journal.counts()).channels).toMatchObject({ absent: 2, ready: 0 });
    await world.startEngine();
    expect((await world.journal.counts()).channels).toMatchObject({ absent: 0, ready: 2 });
  });
});

describe("an engine with much to do", () => {
  it("works on no more at a time than it may, and on all of it in the end", async () => {
    const world = await EngineWorld.begin({ channelCount: 4, settings: { maxInFlight: 2 } });
    let most = 0;
    const leased = new Set<string>();
    const journal: SubmissionJournal = {
      ...world.journal,
      async leaseDue(request) {
        const submissions = await world.journal.leaseDue(request);
        for (const { intentIds } of submissions) leased.add(intentIds.join());
        most = Math.max(most, leased.size);
        return submissions;
      },
      async resolve(token, ...rest) {
        leased.delete(token.intentIds.join());
        return world.journal.resolve(token, ...rest);
      },
    };
    const engine = await world.startEngine({ journal });
    const vaults = await Promise.all([1, 2, 3, 4, 5].map(() => world.newVault()));
    const intents = vaults.map((vaultContractId) => world.intent({ vaultContractId }));
    await world.journal.insertIntents(intents);
    engine.wake();
    await Promise.all(intents.map((intent) => world.reached(intent, "confirmed")));
    expect(most).toBe(2);
  });
});

describe("an engine whose journal fails", () => {
  it("goes on when it cannot even look what was committed", async () => {
    const world = await EngineWorld.begin();
    let failures = 3;
    const failing =
      <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
      (...args: Args): Promise<Result> => {
        failures -= 1;
        return failures >= 0 ? Promise.reject(new Error("the database is away")) : call(...args);
      };
    const journal: SubmissionJournal = {
      ...world.journal,
      prepare: failing(world.journal.prepare),
      reread: failing(world.journal.reread),
    };
    const engine = await world.startEngine({ journal });
    const intent = await world.accept(engine);
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts).toHaveLength(1);
    expect(world.logged.map(({ message }) => message)).toContain("the journal cannot be read");
    expect(await world.chargesOf(intent)).toBe(1);
  });
});
