import { describe, expect, it } from "vitest";
import type { SubmissionIntent } from "../src/intent/submission-intent.ts";
import { RpcError } from "../src/rpc/rpc-error.ts";
import type { SorobanRpc } from "../src/rpc/soroban-rpc.ts";
import { EngineWorld, FUNDS, isCharge } from "./support/engine-world.ts";

let world: EngineWorld;

const RETENTION_LEDGERS = 40;

/** Sends one charge, or loses it, and lets the network forget about it while nobody works. */
async function outage(isDelivered: boolean, riders = 1) {
  const lossy = (inner: SorobanRpc): SorobanRpc => ({
    ...inner,
    async sendTransaction(envelope) {
      if (!isCharge(envelope)) return inner.sendTransaction(envelope);
      if (isDelivered) await inner.sendTransaction(envelope);
      throw new RpcError("timeout", "sendTransaction");
    },
    async getTransaction(hash) {
      const answer = await inner.getTransaction(hash);
      if (answer.envelopeXdr === undefined || !isCharge(answer.envelopeXdr)) return answer;
      throw new RpcError("timeout", "getTransaction");
    },
  });
  world = await EngineWorld.begin({ retentionLedgers: RETENTION_LEDGERS });
  const engine = await world.startEngine({ rpc: lossy(world.rpc) });
  const intents = Array.from({ length: riders }, () => world.intent());
  await world.journal.insertIntents(intents);
  engine.wake();
  await Promise.all(intents.map((intent) => world.reached(intent, "sent")));
  if (isDelivered) await world.until(() => world.balance() !== FUNDS);
  await world.network.finish(engine.stop({ graceMs: 1_000 }));
  world.network.closeLedgers(RETENTION_LEDGERS + 20);
  return intents as [SubmissionIntent, ...SubmissionIntent[]];
}

describe("an outage longer than the network remembers", () => {
  it("takes the marker for evidence of a charge whose hash is gone", async () => {
    const [intent] = await outage(true);
    await world.startEngine();
    const record = await world.reached(intent, "confirmed");
    expect(record.resolution).toMatchObject({ evidence: "marker" });
    expect(record.resolution?.txHash).toBeUndefined();
    expect(world.balance()).toBe(FUNDS - 1_000n);
  });

  it("lets an absent marker prove that nothing was charged, and charges then", async () => {
    const [intent] = await outage(false);
    await world.startEngine();
    const record = await world.reached(intent, "confirmed");
    expect(record.attempts.map(({ state }) => state)).toEqual(["dead", "confirmed"]);
    expect(world.balance()).toBe(FUNDS - 1_000n);
  });
});

describe("an outage longer than the network remembers, over a batch", () => {
  it("takes each rider's marker for evidence of its charge", async () => {
    const intents = await outage(true, 3);
    await world.startEngine();
    const records = await Promise.all(intents.map((i) => world.reached(i, "confirmed")));
    expect(records.map(({ resolution }) => resolution?.evidence)).toEqual([
      "marker",
      "marker",
      "marker",
    ]);
    expect(world.balance()).toBe(FUNDS - 3_000n);
  });

  it("charges all when no marker is there", async () => {
    const intents = await outage(false, 3);
    await world.startEngine();
    const records = await Promise.all(intents.map((i) => world.reached(i, "confirmed")));
    expect(new Set(records.map(({ resolution }) => resolution?.txHash)).size).toBe(1);
    expect(world.balance()).toBe(FUNDS - 3_000n);
  });
});

describe("an outage longer than the network remembers, with a vault that keeps no markers", () => {
  it("ends as unknown: nothing is rebuilt on a guess", async () => {
    const [intent] = await outage(false);
    world.network.updateVault(world.vault, { hasMarkers: false });
    const noMarkers: SorobanRpc = {
      ...world.rpc,
      async simulateTransaction(envelope) {
        const answer = await world.rpc.simulateTransaction(envelope);
        // As a contract without the function answers.
        const isMarkerRead = Buffer.from(envelope, "base64").includes("is_request_processed");
        if (!isMarkerRead) return answer;
        const { latestLedger } = answer;
        return { latestLedger, error: "HostError: Error(WasmVm, MissingValue)" };
      },
    };
    await world.startEngine({ rpc: noMarkers });
    const record = await world.reached(intent, "unknown");
    expect(record.resolution?.failure).toEqual({ reason: "undecided" });
    expect((await world.journal.counts()).unknown).toBe(1);
    expect(world.balance()).toBe(FUNDS);
  });
});
