import { Asset, Operation } from "@stellar/stellar-sdk/base";
import { afterEach, describe, expect, it } from "vitest";
import { buildTransaction, signTransaction } from "../src/envelope/build-envelope.ts";
import { readAccount } from "../src/rpc/account-entry.ts";
import {
  channelKeys,
  EngineWorld,
  NETWORK,
  submitter,
  until,
  type WorldOptions,
} from "./support/engine-world.ts";

let world: EngineWorld;

async function begin(options?: WorldOptions) {
  world = await EngineWorld.begin(options);
  return world;
}

afterEach(() => world.end());

const ready = async (count: number) =>
  until(async () => (await world.journal.counts()).channels.ready === count);

describe("the pool of channels", () => {
  it("grows while the engine runs", async () => {
    await begin({ channelCount: 1 });
    const engine = await world.startEngine();
    engine.resizeChannels(3);
    await ready(3);
    expect((await world.journal.listChannels()).map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it("shrinks: what is too many rests", async () => {
    await begin({ channelCount: 3 });
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
    await begin({ channelCount: 2, settings: { channelCheckMs: 50 } });
    await world.startEngine();
    await ready(2);
    await drain(0, 8);
    const lowest: bigint[] = [];
    await until(async () => {
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
    await until(async () => {
      const record = await world.reached(await world.accept(engine), "confirmed");
      return record.attempts[0]?.channelIndex === 0;
    });
  });
});

/** Takes lumens out of a channel account. */
async function drain(index: number, xlm: number): Promise<void> {
  const channel = channelKeys(index);
  const account = await readAccount(world.rpc, channel.publicKey);
  const transaction = buildTransaction({
    networkPassphrase: NETWORK,
    sourcePublicKey: channel.publicKey,
    sequence: (account.sequence ?? 0n) + 1n,
    operations: [
      Operation.payment({
        destination: submitter.publicKey,
        asset: Asset.native(),
        amount: String(xlm),
      }),
    ],
    inclusionFeeStroops: 5_000n,
    bounds: { maxLedger: account.ledger + 100, maxTimeS: Math.floor(Date.now() / 1_000) + 60 },
  });
  const { envelopeXdr } = await signTransaction(transaction, [channel]);
  await until(async () => {
    const { status } = await world.rpc.sendTransaction(envelopeXdr);
    return status === "PENDING" || status === "DUPLICATE";
  });
}
