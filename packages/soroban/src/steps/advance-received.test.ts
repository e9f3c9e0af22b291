import { describe, expect, it } from "vitest";
import { FUNDS, isAccountKey, StepWorld, VAULT } from "../../test/support/step-world.ts";
import { LEDGER_MS } from "../../test/support/virtual-network.ts";
import { RpcError } from "../rpc/rpc-error.ts";
import type { LedgerEntriesAnswer, SimulationAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";

let world: StepWorld;

/** A submission of one intent, in a world of its own. */
async function begin() {
  world = await StepWorld.begin();
  const intent = world.intent();
  return { intent, item: await world.lease(intent) };
}

/** A node that answers about the channel's account, and truly about everything else. */
const knowing = (
  answerOf: (answer: LedgerEntriesAnswer) => LedgerEntriesAnswer | Promise<LedgerEntriesAnswer>,
): SorobanRpc => ({
  ...world.rpc,
  async getLedgerEntries(keys) {
    const answer = await world.rpc.getLedgerEntries(keys);
    return isAccountKey(String(keys)) ? answerOf(answer) : answer;
  },
});

/** A node that simulates otherwise. */
const simulating = (answerOf: (answer: SimulationAnswer) => SimulationAnswer): SorobanRpc => ({
  ...world.rpc,
  simulateTransaction: async (envelope) => answerOf(await world.rpc.simulateTransaction(envelope)),
});

const channels = async () => (await world.journal.counts()).channels;
const later = { kind: "again", item: { leased: { state: "received" } } };

describe("a submission that wants a channel", () => {
  it("waits while a node knows the channel only from before its last use", async () => {
    const { item } = await begin();
    await world.finish(item);
    const before = knowing((answer) => ({ ...answer, latestLedger: 1 }));
    const next = await world.lease(world.intent());
    // The channel that was used is the last in turn: the first has not been used yet.
    const held = await world.journal.leaseChannel({
      count: 2,
      nowMs: world.clock(),
      leaseUntilMs: world.clock() + 3_600_000,
    });
    expect(held?.lastResolvedLedger).toBe(0);
    const used = await world.journal.leaseChannel({
      count: 2,
      nowMs: world.clock(),
      leaseUntilMs: world.clock() + 3_600_000,
    });
    if (used === undefined) throw new Error("no channel is free");
    const { index } = used;
    // Whoever had it does not know whether its sequence was used.
    await world.journal.releaseChannel(used, { index, resolvedLedger: world.network.latestLedger });
    expect(await world.step(next, { rpc: before })).toMatchObject(later);
    expect(await channels()).toMatchObject({ ready: 1, leased: 1 });
    expect((await world.finish(next)).kind).toBe("resolved");
  });

  it("has the channel made when its account is missing", async () => {
    const { item } = await begin();
    const rpc = knowing((answer) => ({ ...answer, entries: [] }));
    expect(await world.step(item, { rpc })).toEqual({ kind: "channel_absent" });
    expect(await channels()).toMatchObject({ absent: 1, ready: 1 });
  });

  it("gives the channel back when the node falls silent, and says so of the node", async () => {
    const { item } = await begin();
    const rpc = knowing(() => Promise.reject(new RpcError("timeout", "getLedgerEntries")));
    await expect(world.step(item, { rpc })).rejects.toThrow(RpcError);
    expect(await channels()).toMatchObject({ ready: 2 });
    const journal = {
      ...world.journal,
      releaseChannel: () => Promise.reject(new Error("connection reset")),
    };
    await expect(world.step(item, { rpc, journal })).rejects.toThrow(RpcError);
  });
});

describe("a charge", () => {
  it("is bounded by the engine's clock where a node tells no close time", async () => {
    const { intent, item } = await begin();
    const preparedAtMs = world.clock();
    const getLatestLedger = async () => ({ sequence: world.network.latestLedger });
    const rpc = { ...world.rpc, getLatestLedger };
    expect((await world.finish(item, { rpc })).kind).toBe("resolved");
    const [attempt] = (await world.recordOf(intent)).attempts;
    expect(attempt?.maxTimeS).toBe(preparedAtMs / 1_000 + 8 * 15);
  });

  it("that wants somebody else's authority is refused", async () => {
    const { item } = await begin();
    // An authorisation of an address, as XDR: its credentials are not the source account's.
    const auth = [Buffer.from([0, 0, 0, 1]).toString("base64")];
    const rpc = simulating((answer) => ({
      ...answer,
      results: (answer.results ?? []).map((result) => ({ ...result, auth })),
    }));
    expect(await world.finish(item, { rpc })).toMatchObject({
      kind: "resolved",
      resolutions: [{ state: "refused", failure: { reason: "configuration" } }],
    });
    expect(world.balance).toBe(FUNDS);
  });

  it("that the host will not run is refused with what it says", async () => {
    const { item } = await begin();
    const error = "HostError: Error(Budget, ExceededLimit)\n\nEvent log";
    const rpc = simulating(({ latestLedger }) => ({ latestLedger, error }));
    expect(await world.finish(item, { rpc })).toMatchObject({
      kind: "resolved",
      resolutions: [
        {
          state: "refused",
          failure: { reason: "contract_error", detail: "HostError: Error(Budget, ExceededLimit)" },
        },
      ],
    });
    expect(world.balance).toBe(FUNDS);
  });

  it("that is refused once and not again is asked for once more", async () => {
    world = await StepWorld.begin();
    const amountStroops = FUNDS - 1n;
    const item = await world.lease(
      world.intent({ amountStroops }),
      world.intent({ amountStroops }),
    );
    let asked = 0;
    const rpc: SorobanRpc = {
      ...world.rpc,
      async simulateTransaction(envelope) {
        asked += 1;
        if (asked === 2) {
          // Money comes in between two questions.
          await world.network.fund(VAULT, FUNDS - 2n);
          await world.network.pass(LEDGER_MS);
        }
        return world.rpc.simulateTransaction(envelope);
      },
    };
    expect(await world.step(item, { rpc })).toMatchObject(later);
    expect(await world.finish(item)).toMatchObject({
      kind: "resolved",
      resolutions: [{ state: "confirmed" }, { state: "confirmed" }],
    });
    expect(world.balance).toBe(0n);
  });
});
