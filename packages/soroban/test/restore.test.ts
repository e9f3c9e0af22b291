import { describe, expect, it } from "vitest";
import { ArchivingRpc } from "./support/archiving-rpc.ts";
import { dyingAt } from "./support/dying-journal.ts";
import { EngineWorld, FUNDS } from "./support/engine-world.ts";

let world: EngineWorld;
let archiving: ArchivingRpc;

/** On a server that wants the vault's instance restored first. */
async function begin() {
  world = await EngineWorld.begin({
    rpc: (inner) => {
      archiving = new ArchivingRpc(inner);
      return archiving.rpc;
    },
  });
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
    expect(archiving.restorations).toHaveLength(1);
    expect(world.balance()).toBe(FUNDS - 2_000n);
  });

  it("whose restoration is dropped are restored again on its sequence", async () => {
    await begin();
    const engine = await world.startEngine();
    await world.faults({ dropTransactions: 1 });
    const intent = world.intent();
    // The server goes on asking for it until one has been applied.
    const isSecond = world.until(async () => {
      const record = await world.journal.findIntent("acme", intent.intentId);
      if (record?.state === "sent" && record.attempts.length === 1) archiving.restorations = [];
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
    await begin();
    const { journal, isDead } = dyingAt(world.journal, "markRestored", "before");
    const intent = await world.accept(await world.startEngine({ journal }));
    await world.until(isDead);
    await world.startEngine();
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts.map(({ purpose }) => purpose)).toEqual(["restore", "charge"]);
    expect(archiving.restorations).toHaveLength(1);
    expect(await world.chargesOf(intent)).toBe(1);
  });
});
