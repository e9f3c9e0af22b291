import { describe, expect, it } from "vitest";
import { createMemoryJournal } from "../src/journal/submission-journal.memory.ts";
import type { SubmissionJournal } from "../src/journal/submission-journal.ts";
import { RpcError } from "../src/rpc/rpc-error.ts";
import type { SorobanRpc } from "../src/rpc/soroban-rpc.ts";
import { dyingAt } from "./support/dying-journal.ts";
import { EngineWorld, FUNDS, isCharge } from "./support/engine-world.ts";

let world: EngineWorld;

async function expectOneCharge(intent: Parameters<EngineWorld["chargesOf"]>[0]) {
  expect(await world.chargesOf(intent)).toBe(1);
  expect(world.balance()).toBe(FUNDS - intent.amountStroops);
}

describe("an engine that dies", () => {
  for (const method of ["prepare", "markSent", "resolve"] as const) {
    for (const when of ["before", "after"] as const) {
      it(`${when} the commit of ${method}: another finishes, with one charge`, async () => {
        world = await EngineWorld.begin();
        const { journal, isDead } = dyingAt(world.journal, method, when);
        const intent = await world.accept(await world.startEngine({ journal }));
        await world.until(isDead);
        await world.startEngine();
        await world.reached(intent, "confirmed");
        await expectOneCharge(intent);
        await world.until(async () => (await world.journal.counts()).channels.bound === 0);
      });
    }
  }

  for (const when of ["before", "after"] as const) {
    it(`${when} the commit of a proof of death: another rebuilds, with one charge`, async () => {
      world = await EngineWorld.begin();
      const { journal, isDead } = dyingAt(world.journal, "markDead", when);
      const engine = await world.startEngine({ journal });
      await world.faults({ dropTransactions: 1 });
      const intent = await world.accept(engine);
      await world.until(isDead);
      await world.startEngine();
      const record = await world.reached(intent, "confirmed");
      expect(record.attempts.map(({ state }) => state)).toEqual(["dead", "confirmed"]);
      await expectOneCharge(intent);
    });
  }

  it("between prepared and sent: another sends the stored bytes", async () => {
    world = await EngineWorld.begin({ settings: { validityLedgers: 200 } });
    const rpc: SorobanRpc = { ...world.rpc, sendTransaction: refuseCharges(world.rpc) };
    const { journal } = dyingAt(world.journal, "markSent", "before");
    const dead = await world.startEngine({ rpc, journal });
    const intent = await world.accept(dead);
    const prepared = await world.reached(intent, "prepared");
    await world.startEngine();
    const record = await world.reached(intent, "confirmed");
    expect(record.resolution?.txHash).toBe(prepared.attempts[0]?.hashes?.[0]?.hash);
    await expectOneCharge(intent);
  });
});

describe("an engine that lives on without its lease", () => {
  it("changes nothing, and the other's charge is the only one", async () => {
    world = await EngineWorld.begin();
    let letGo = () => {};
    const isHeld = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let isWaiting = false;
    const zombieJournal: SubmissionJournal = {
      ...world.journal,
      renew: async () => new Set<bigint>(),
      leaseDue: async (request) => (isWaiting ? [] : world.journal.leaseDue(request)),
      async prepare(...args) {
        isWaiting = true;
        await isHeld;
        return world.journal.prepare(...args);
      },
    };
    const zombie = await world.startEngine({ journal: zombieJournal });
    const intent = await world.accept(zombie);
    await world.until(() => isWaiting);
    await world.startEngine();
    const record = await world.reached(intent, "confirmed");
    letGo();
    await world.network.finish(zombie.stop({ graceMs: 2_000 }));
    expect((await world.journal.findIntent("acme", intent.intentId))?.attempts).toEqual(
      record.attempts,
    );
    await expectOneCharge(intent);
  });
});

describe("a commit whose acknowledgement is lost", () => {
  for (const method of ["prepare", "markSent", "resolve"] as const) {
    it(`at ${method}: the engine looks before it goes on`, async () => {
      const inner = createMemoryJournal();
      let losses = 1;
      const journal: SubmissionJournal = {
        ...inner,
        [method]: async (...args: unknown[]) => {
          const done = await (inner[method] as (...args: unknown[]) => Promise<boolean>)(...args);
          losses -= 1;
          if (losses === 0) throw new Error("connection reset");
          return done;
        },
      };
      world = await EngineWorld.begin({ journal });
      const engine = await world.startEngine();
      const told: unknown[] = [];
      engine.onResolution((resolution) => told.push(resolution));
      const intent = await world.accept(engine);
      const record = await world.reached(intent, "confirmed");
      expect(record.attempts).toHaveLength(1);
      await world.until(() => told.length === 1);
      await expectOneCharge(intent);
    });
  }
});

/** Loses every charge before it reaches the network; transactions without a contract call pass. */
function refuseCharges(inner: SorobanRpc): SorobanRpc["sendTransaction"] {
  return async (envelope) => {
    if (isCharge(envelope)) throw new RpcError("timeout", "sendTransaction");
    return inner.sendTransaction(envelope);
  };
}
