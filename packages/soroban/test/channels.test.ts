import { describe, expect, it } from "vitest";
import { readAccount } from "../src/rpc/account-entry.ts";
import { channelKeys } from "./support/accounts.ts";
import { EngineWorld } from "./support/engine-world.ts";
import { paymentFrom } from "./support/payment.ts";

let world: EngineWorld;

const ready = async (count: number) =>
  world.until(async () => (await world.journal.counts()).channels.ready === count);

describe("the pool of channels", () => {
  it("grows while the engine runs", async () => {
    world = await EngineWorld.begin({ channelCount: 1 });
    const engine = await world.startEngine();
    engine.resizeChannels(3);
    await ready(3);
    expect((await world.journal.listChannels()).map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it("shrinks: what is too many rests", async () => {
    world = await EngineWorld.begin({ channelCount: 3 });
    const engine = await world.startEngine();
    await ready(3);
    engine.resizeChannels(1);
    const vaults = await Promise.all([1, 2, 3].map(() => world.newVault()));
    const intents = vaults.map((vaultContractId) => world.intent({ vaultContractId }));
    await world.journal.insertIntents(intents);
    engine.wake();
    const records = await Promise.all(intents.map((intent) => world.reached(intent, "confirmed")));
    expect(records.map(({ attempts }) => attempts[0]?.channelIndex)).toEqual([0, 0, 0]);
  });

  it("is filled up by the treasury when it runs low", async () => {
    world = await EngineWorld.begin({ channelCount: 2 });
    await world.startEngine();
    await ready(2);
    await world.rpc.sendTransaction(await paymentFrom(world.rpc, channelKeys(0), "8"));
    const lowest: bigint[] = [];
    await world.until(async () => {
      const { balanceStroops = 0n } = await readAccount(world.rpc, channelKeys(0).publicKey);
      lowest.push(balanceStroops);
      return lowest.some((b) => b < 30_000_000n) && balanceStroops >= 99_000_000n;
    });
    expect(world.logged).toContainEqual(
      expect.objectContaining({ message: "channel accounts run low" }),
    );
    expect((await world.journal.counts()).channels).toMatchObject({ ready: 1, quarantined: 1 });
    // Put aside for a few ledgers, then used again as the one that rested longest.
    const engine = await world.startEngine();
    await world.until(async () => {
      const record = await world.reached(await world.accept(engine), "confirmed");
      return record.attempts[0]?.channelIndex === 0;
    });
  });
});
