import { describe, expect, it } from "vitest";
import type { SubmissionIntent } from "../src/intent/submission-intent.ts";
import { createMemoryJournal } from "../src/journal/submission-journal.memory.ts";
import { RpcError } from "../src/rpc/rpc-error.ts";
import type { SorobanRpc } from "../src/rpc/soroban-rpc.ts";
import { EngineWorld, FUNDS, isCharge } from "./support/engine-world.ts";

let world: EngineWorld;

/**
 * Charges `original` by another engine after a submission of `intents` was simulated and before it
 * is sent: the ledger finds the duplicate, not the simulation.
 */
async function overtake(
  make: () => { readonly original: SubmissionIntent; readonly intents: SubmissionIntent[] },
) {
  world = await EngineWorld.begin({ settings: { validityLedgers: 60 } });
  let isHeld = true;
  const holding: SorobanRpc = {
    ...world.rpc,
    async sendTransaction(envelope) {
      if (isHeld && isCharge(envelope)) throw new RpcError("timeout", "sendTransaction");
      return world.rpc.sendTransaction(envelope);
    },
  };
  const { original, intents } = make();
  const journal = createMemoryJournal();
  const overtaken = world.engine({ journal, rpc: holding });
  overtaken.start();
  await world.until(async () => (await journal.counts()).channels.ready > 0);
  await journal.insertIntents(intents);
  overtaken.wake();
  await world.until(async () => (await journal.counts()).pending.sent === intents.length);
  // The channels are the same accounts: the other's sequence would be used up otherwise.
  const first = await world.startEngine({ journal: world.journal });
  first.resizeChannels(4);
  await world.until(async () => (await world.journal.counts()).channels.ready === 4);
  await rest(2);
  const charged = await world.reached(await world.accept(first, original), "confirmed");
  isHeld = false;
  const recordOf = async ({ intentId }: SubmissionIntent) => {
    const record = await journal.findIntent("acme", intentId);
    if (record?.resolution === undefined) throw new Error("not resolved");
    return record;
  };
  await world.until(async () => (await journal.counts()).oldestPendingAtMs === undefined);
  return { charged, records: await Promise.all(intents.map(recordOf)) };
}

/** Keeps the first channels out of the way of the engine that works on the shared journal. */
async function rest(count: number): Promise<void> {
  const untilMs = world.clock() + 3_600_000;
  for (let index = 0; index < count; index += 1) {
    await world.journal.quarantineChannel(index, { untilMs, reason: "used elsewhere" });
  }
}

describe("a charge that somebody else made after the simulation", () => {
  it("fails on chain and is adopted, when it rode alone", async () => {
    const { charged, records } = await overtake(() => {
      const original = world.intent();
      return { original, intents: [original] };
    });
    expect(records[0]?.state).toBe("confirmed");
    expect(records[0]?.resolution?.txHash).toBe(charged.resolution?.txHash);
    expect(world.balance()).toBe(FUNDS - 1_000n);
  });

  it("fails the batch that it rode in: it is adopted, and its neighbours are charged", async () => {
    const { charged, records } = await overtake(() => {
      const intents = [1, 2, 3].map((n) =>
        world.intent({ amountStroops: 10n * BigInt(n), createdAtMs: world.clock() - 1_000 + n }),
      );
      return { original: intents[1] as SubmissionIntent, intents };
    });
    expect(records.map(({ state }) => state)).toEqual(["confirmed", "confirmed", "confirmed"]);
    expect(records[1]?.resolution?.txHash).toBe(charged.resolution?.txHash);
    expect(records[0]?.attempts.map(({ state }) => state)).toEqual(["failed", "confirmed"]);
    expect(records[0]?.attempts[0]?.failure).toMatchObject({ contractError: 29 });
    expect(world.balance()).toBe(FUNDS - 60n);
  });
});

describe("a trap without a number", () => {
  it("is a refusal when the marker is not there", async () => {
    world = await EngineWorld.begin({
      rpc: (inner) => ({
        ...inner,
        async getTransaction(hash) {
          const answer = await inner.getTransaction(hash);
          if (answer.status !== "FAILED") return answer;
          const { diagnosticEventsXdr: _, resultMetaXdr: __, ...bare } = answer;
          return bare;
        },
      }),
    });
    const engine = await world.startEngine();
    await world.faults({ contractError: 36, methods: ["sendTransaction"], count: 1 });
    const record = await world.reached(await world.accept(engine), "failed");
    expect(record.resolution?.failure).toMatchObject({
      reason: "contract_error",
      detail: "invokeHostFunctionTrapped",
    });
    expect(world.balance()).toBe(FUNDS);
  });
});
