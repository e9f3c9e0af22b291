import { describe, expect, it } from "vitest";
import { FUNDS, StepWorld } from "../../test/support/step-world.ts";
import type { SubmissionIntent } from "../intent/submission-intent.ts";
import { RpcError } from "../rpc/rpc-error.ts";
import type { SorobanRpc } from "../rpc/soroban-rpc.ts";

let world: StepWorld;

/** Charges an intent; gives the transaction's hash. */
async function charge(intent: SubmissionIntent): Promise<string> {
  const step = await world.finish(await world.lease(intent));
  const [resolution] = step.kind === "resolved" ? step.resolutions : [];
  if (resolution?.txHash === undefined) throw new Error("not charged");
  return resolution.txHash;
}

/** A charge on chain of which the journal has forgotten everything. */
async function beginForgotten() {
  world = await StepWorld.begin();
  const intent = world.intent();
  const txHash = await charge(intent);
  await world.forget();
  return { intent, txHash };
}

/** A node that has not read one transaction yet. */
const withoutTransaction = (txHash: string): SorobanRpc => ({
  ...world.rpc,
  getTransaction: (hash) => world.rpc.getTransaction(hash === txHash ? "0".repeat(64) : hash),
});

const waits = (state: string) => ({ kind: "again", item: { leased: { state } } });
const adopts = (txHash: string) => ({
  kind: "resolved",
  resolutions: [{ state: "confirmed", txHash }],
});

describe("a marker that simulation meets", () => {
  it("decides nothing before the transaction behind it can be read", async () => {
    const { intent, txHash } = await beginForgotten();
    const item = await world.lease(intent);
    expect(await world.step(item, { rpc: withoutTransaction(txHash) })).toMatchObject(
      waits("received"),
    );
    expect(await world.finish(item)).toMatchObject(adopts(txHash));
    expect(world.balance).toBe(FUNDS - 10n);
  });

  it("keeps those who ride with it waiting as long", async () => {
    const { intent, txHash } = await beginForgotten();
    const other = world.intent({ createdAtMs: world.clock() + 1 });
    await world.network.pass(1);
    const item = await world.lease(intent, other);
    const step = await world.step(item, { rpc: withoutTransaction(txHash) });
    expect(step).toMatchObject(waits("received"));
    expect(step.kind === "again" ? step.item.leased.intents : []).toHaveLength(2);
    expect(await world.finish(item)).toMatchObject({ kind: "resolved" });
    expect((await world.recordOf(intent)).resolution?.txHash).toBe(txHash);
    expect(world.balance).toBe(FUNDS - 20n);
  });
});

describe("a marker of an attempt that the network forgot", () => {
  it("decides nothing while the events are older than the marker", async () => {
    const retentionLedgers = 40;
    world = await StepWorld.begin({ retentionLedgers });
    let item = await world.walk(await world.lease(world.intent()), "sent");
    await world.network.pass((retentionLedgers + 20) * 5_000);
    const late: SorobanRpc = {
      ...world.rpc,
      getEvents: async (request) => ({ ...(await world.rpc.getEvents(request)), latestLedger: 5 }),
    };
    // Two polls prove that it is forgotten; the marker then says what it came to.
    for (let polls = 0; polls < 3; polls += 1) {
      const step = await world.step(item, { rpc: late });
      expect(step).toMatchObject(waits("sent"));
      if (step.kind === "again") item = step.item;
    }
    expect(await world.finish(item)).toMatchObject({
      kind: "resolved",
      resolutions: [{ state: "confirmed", evidence: "marker" }],
    });
    expect(world.balance).toBe(FUNDS - 10n);
  });
});

describe("a failure without a number", () => {
  /** A node that keeps the numbers of failures to itself. */
  const taciturn = (): SorobanRpc => ({
    ...world.rpc,
    async getTransaction(hash) {
      const answer = await world.rpc.getTransaction(hash);
      if (answer.status !== "FAILED") return answer;
      const { diagnosticEventsXdr: _, resultMetaXdr: __, ...rest } = answer;
      return rest;
    },
  });

  it("is the charge of another worker when the contract remembers the marker", async () => {
    world = await StepWorld.begin();
    const intent = world.intent();
    const { journal } = world;
    const deaf = {
      ...world.rpc,
      sendTransaction: () => Promise.reject(new RpcError("timeout", "sendTransaction")),
    };
    const held = await world.walk(await world.lease(intent), "sent", { rpc: deaf });
    await world.forget();
    await world.journal.quarantineChannel(0, {
      untilMs: world.clock() + 3_600_000,
      reason: "held",
    });
    const txHash = await charge(intent);
    expect(await world.finish(held, { journal, rpc: taciturn() })).toMatchObject(adopts(txHash));
    expect(world.balance).toBe(FUNDS - 10n);
  });

  it("is a refusal only once the marker was looked for in a ledger as new", async () => {
    world = await StepWorld.begin();
    const item = await world.walk(await world.lease(world.intent()), "sent");
    await world.network.faults({ contractError: 36, methods: ["sendTransaction"], count: 1 });
    await world.network.pass(5_000);
    const rpc = taciturn();
    const late: SorobanRpc = {
      ...rpc,
      simulateTransaction: async (envelope) => ({
        ...(await rpc.simulateTransaction(envelope)),
        latestLedger: 1,
      }),
    };
    expect(await world.step(item, { rpc: late })).toMatchObject(waits("sent"));
    expect(await world.finish(item, { rpc })).toMatchObject({
      kind: "resolved",
      resolutions: [{ state: "failed", failure: { detail: "invokeHostFunctionTrapped" } }],
    });
    expect(world.balance).toBe(FUNDS);
  });
});
