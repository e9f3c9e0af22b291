import {
  Asset,
  Keypair,
  Operation,
  type Transaction,
  TransactionBuilder,
} from "@stellar/stellar-sdk";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  asSuccess,
  codeOf,
  describeRefusal,
  hexHash,
  NETWORK,
  operationCode,
  SimWorld,
} from "./support/sim-world.ts";

let world: SimWorld;
beforeEach(async () => {
  world = await SimWorld.begin();
});
afterEach(() => world.end());

/** A payment of the channel, the cheapest transaction there is. */
async function payment(options: Parameters<SimWorld["build"]>[1] = {}): Promise<Transaction> {
  const source = options.source ?? world.channel;
  const tx = await world.build(
    Operation.payment({
      destination: world.treasury.publicKey(),
      asset: Asset.native(),
      amount: "1",
    }),
    options,
  );
  tx.sign(...(options.signers ?? [source]));
  return tx;
}

describe("sequence", () => {
  it("refuses a sequence number that is not the account's next one", async () => {
    const next = (await world.sequenceOf(world.channel.publicKey())) + 1n;
    for (const sequence of [next - 1n, next + 1n]) {
      expect(describeRefusal(await world.send(await payment({ sequence })))).toBe("ERROR txBadSeq");
    }
    expect((await world.send(await payment({ sequence: next }))).status).toBe("PENDING");
  });

  it("answers a resent transaction that was applied with txBAD_SEQ", async () => {
    const tx = await payment();
    expect((await world.apply(tx)).status).toBe("SUCCESS");
    expect(describeRefusal(await world.send(tx))).toBe("ERROR txBadSeq");
  });

  it("refuses the hash of an applied transaction for 10 ledgers when told to, as core does", async () => {
    await world.end();
    world = await SimWorld.begin({ settings: { bansAppliedHashes: true } });
    const tx = await payment();
    await world.apply(tx);
    expect((await world.send(tx)).status).toBe("TRY_AGAIN_LATER");
    world.sim.closeLedger(10);
    expect(describeRefusal(await world.send(tx))).toBe("ERROR txBadSeq");
  });
});

describe("signatures", () => {
  it("refuses a transaction that its source did not sign", async () => {
    const forged = await payment({ signers: [Keypair.random()] });
    expect(describeRefusal(await world.send(forged))).toBe("ERROR txBadAuth");
  });

  it("refuses a signature over other bytes", async () => {
    const tx = await payment();
    const other = await payment({ fee: "200" });
    tx.signatures.splice(0, 1, ...other.signatures);
    expect(describeRefusal(await world.send(tx))).toBe("ERROR txBadAuth");
  });

  it("refuses a signature that nobody needs", async () => {
    const tx = await payment({ signers: [world.channel, Keypair.random()] });
    expect(describeRefusal(await world.send(tx))).toBe("ERROR txBadAuthExtra");
  });

  it("refuses an operation that its own source did not sign", async () => {
    const tx = await world.deduct({ amount: 5n }, { signers: [world.channel] });
    const sent = await world.send(tx);
    expect(describeRefusal(sent)).toBe("ERROR txFailed");
    expect(sent.errorResult && operationCode(sent.errorResult)).toBe("opBadAuth");
  });

  it("refuses a source that does not exist", async () => {
    const stranger = Keypair.random();
    const tx = await payment({ source: stranger, sequence: 1n });
    expect(describeRefusal(await world.send(tx))).toBe("ERROR txNoAccount");
  });
});

describe("the queue", () => {
  it("keeps one transaction for each source account", async () => {
    const sequence = (await world.sequenceOf(world.channel.publicKey())) + 1n;
    expect((await world.send(await payment())).status).toBe("PENDING");
    const second = await payment({ sequence: sequence + 1n });
    expect((await world.send(second)).status).toBe("TRY_AGAIN_LATER");
    expect((await world.send(await payment({ sequence, fee: "5000" }))).status).toBe(
      "TRY_AGAIN_LATER",
    );
    expect((await world.send(await payment({ source: world.otherChannel }))).status).toBe(
      "PENDING",
    );
    world.sim.closeLedger();
    expect((await world.send(second)).status).toBe("PENDING");
  });

  it("answers DUPLICATE while the same transaction waits", async () => {
    const tx = await payment();
    await world.send(tx);
    expect((await world.send(tx)).status).toBe("DUPLICATE");
  });

  it("drops what is not applied within 4 ledgers and refuses its hash for 10", async () => {
    await world.call("sim_setFaults", { dropTransactions: 1 });
    const tx = await payment();
    await world.send(tx);
    world.sim.closeLedger(3);
    expect((await world.send(tx)).status).toBe("DUPLICATE");
    world.sim.closeLedger();
    expect((await world.send(tx)).status).toBe("TRY_AGAIN_LATER");
    world.sim.closeLedger(9);
    expect((await world.send(tx)).status).toBe("TRY_AGAIN_LATER");
    world.sim.closeLedger();
    expect((await world.send(tx)).status).toBe("PENDING");
    world.sim.closeLedger();
    expect((await world.server.getTransaction(hexHash(tx))).status).toBe("SUCCESS");
  });

  it("answers TRY_AGAIN_LATER when it is full", async () => {
    await world.end();
    world = await SimWorld.begin({ settings: { queueCapacity: 1 } });
    await world.send(await payment());
    const second = await payment({ source: world.otherChannel });
    expect((await world.send(second)).status).toBe("TRY_AGAIN_LATER");
  });
});

describe("bounds", () => {
  it("applies up to the ledger before maxLedger and never in it", async () => {
    const latest = world.sim.ledger.latest.sequence;
    const late = await payment({ maxLedger: latest + 1 });
    expect(describeRefusal(await world.send(late))).toBe("ERROR txTooLate");
    const inTime = await payment({ maxLedger: latest + 2 });
    expect((await world.apply(inTime)).status).toBe("SUCCESS");
  });

  it("refuses a transaction before minLedger", async () => {
    const latest = world.sim.ledger.latest.sequence;
    const early = await payment({ minLedger: latest + 2 });
    expect(describeRefusal(await world.send(early))).toBe("ERROR txTooEarly");
    world.sim.closeLedger();
    expect((await world.apply(early)).status).toBe("SUCCESS");
  });

  it("drops what waits past its maxTime, by the ledger's clock", async () => {
    await world.call("sim_setFaults", { slowLedgers: 1 });
    const { closeTime } = world.sim.ledger.latest;
    const tx = await payment({ maxTime: closeTime + 12 });
    expect((await world.send(tx)).status).toBe("PENDING");
    world.sim.closeLedger();
    expect(world.sim.ledger.latest.closeTime).toBe(closeTime + 20);
    expect((await world.server.getTransaction(hexHash(tx))).status).toBe("NOT_FOUND");
    expect((await world.send(tx)).status).toBe("TRY_AGAIN_LATER");
  });

  it("includes the second of maxTime", async () => {
    await world.call("sim_setFaults", { slowLedgers: 1 });
    const tx = await payment({ maxTime: world.sim.ledger.latest.closeTime + 20 });
    expect((await world.apply(tx)).status).toBe("SUCCESS");
  });

  it("refuses a maxTime that the next ledgers will have passed", async () => {
    const tx = await payment({ maxTime: world.sim.ledger.latest.closeTime + 9 });
    expect(describeRefusal(await world.send(tx))).toBe("ERROR txTooLate");
  });
});

describe("fees", () => {
  it("refuses less than the base fee and says what is enough", async () => {
    const sent = await world.send(await payment({ fee: "99" }));
    expect(describeRefusal(sent)).toBe("ERROR txInsufficientFee");
    expect(sent.errorResult?.feeCharged).toBe(100n);
  });

  it("refuses a fee that the source cannot pay above its reserve", async () => {
    const poor = Keypair.random();
    const create = await world.build(
      Operation.createAccount({ destination: poor.publicKey(), startingBalance: "1" }),
    );
    create.sign(world.channel);
    expect((await world.apply(create)).status).toBe("SUCCESS");
    expect(describeRefusal(await world.send(await payment({ source: poor })))).toBe(
      "ERROR txInsufficientBalance",
    );
  });

  it("takes the highest bids first when a ledger is full", async () => {
    await world.end();
    world = await SimWorld.begin({ settings: { ledgerLimits: { classicOperations: 1 } } });
    const low = await payment();
    const high = await payment({ source: world.otherChannel, fee: "300" });
    await world.send(low);
    await world.send(high);
    world.sim.closeLedger();
    expect((await world.server.getTransaction(hexHash(high))).status).toBe("SUCCESS");
    expect((await world.server.getTransaction(hexHash(low))).status).toBe("NOT_FOUND");
    world.sim.closeLedger();
    expect((await world.server.getTransaction(hexHash(low))).status).toBe("SUCCESS");
  });
});

describe("a transaction of several operations", () => {
  it("undoes the first when the second fails", async () => {
    const { channel, treasury } = world;
    const before = await world.lumensOf(treasury.publicKey());
    const first = await payment();
    const pay = (destination: string) =>
      Operation.payment({ destination, asset: Asset.native(), amount: "1" });
    const both = TransactionBuilder.cloneFrom(first, { fee: "100", networkPassphrase: NETWORK })
      .clearOperations()
      .addOperation(pay(treasury.publicKey()))
      .addOperation(pay(Keypair.random().publicKey()))
      .build();
    both.sign(channel);
    expect((await world.apply(both)).status).toBe("FAILED");
    expect(await world.lumensOf(treasury.publicKey())).toBe(before);
  });
});

describe("a fee bump", () => {
  it("replaces what waits for 10 times its fee and no less, and only one is applied", async () => {
    const inner = await world.deduct({ amount: 5n, requestId: "r1" });
    await world.send(inner);
    const refused = await world.send(world.bump(inner, 900n));
    expect(describeRefusal(refused)).toBe("ERROR txInsufficientFee");
    const bump = world.bump(inner, 1_000n);
    expect((await world.send(bump)).status).toBe("PENDING");
    expect((await world.send(inner)).status).toBe("DUPLICATE");
    const treasury = await world.lumensOf(world.treasury.publicKey());
    world.sim.closeLedger();
    expect(await world.vaultBalance()).toBe(999_995n);
    expect(await world.lumensOf(world.treasury.publicKey())).toBeLessThan(treasury);
    expect(describeRefusal(await world.send(inner))).toBe("ERROR txBadSeq");
  });

  it("is found by its own hash and by that of its inner transaction", async () => {
    const inner = await world.deduct({ amount: 5n });
    const bump = world.bump(inner, 500n);
    await world.apply(bump);
    const byOuter = await world.server.getTransaction(hexHash(bump));
    const byInner = await world.server.getTransaction(hexHash(inner));
    expect(byOuter.status).toBe("SUCCESS");
    const { feeBump, resultXdr } = asSuccess(byInner);
    expect(feeBump).toBe(true);
    expect(codeOf(resultXdr)).toBe("txFeeBumpInnerSuccess");
  });

  it("escapes the ban of its inner transaction's hash", async () => {
    await world.call("sim_setFaults", { dropTransactions: 1 });
    const inner = await world.deduct({ amount: 5n });
    await world.send(inner);
    world.sim.closeLedger(4);
    expect((await world.send(inner)).status).toBe("TRY_AGAIN_LATER");
    expect((await world.apply(world.bump(inner, 500n))).status).toBe("SUCCESS");
  });

  it("must be signed by the account that pays it", async () => {
    const inner = await world.deduct({ amount: 5n });
    const sent = await world.send(world.bump(inner, 500n, world.channel));
    expect(describeRefusal(sent)).toBe("ERROR txBadAuth");
  });

  it("wraps what is wrong with its inner transaction", async () => {
    const inner = await world.deduct({ amount: 5n });
    await world.apply(inner);
    const sent = await world.send(world.bump(inner, 500n));
    expect(describeRefusal(sent)).toBe("ERROR txFeeBumpInnerFailed");
    expect(sent.errorResult && operationCode(sent.errorResult)).toBe("txBadSeq");
  });
});
