import { describe, expect, it } from "vitest";
import {
  FUNDS,
  isAccountKey,
  StepWorld,
  type StepWorldOptions,
} from "../../test/support/step-world.ts";
import type { SubmissionIntent } from "../intent/submission-intent.ts";
import { RpcError } from "../rpc/rpc-error.ts";
import type { LedgerEntriesAnswer, SorobanRpc } from "../rpc/soroban-rpc.ts";
import { openAttempt, type WorkItem } from "./work-item.ts";

let world: StepWorld;
let intent: SubmissionIntent;

/** A submission on channel 0 whose transaction the network has dropped, proven dead. */
async function begin(options?: StepWorldOptions): Promise<WorkItem> {
  world = await StepWorld.begin(options);
  await world.network.faults({ dropTransactions: 1 });
  intent = world.intent();
  return world.walk(await world.lease(intent), "dead");
}

/** A submission that died because a stranger used the sequence of its channel. */
async function beginUsurped(options?: StepWorldOptions): Promise<WorkItem> {
  const dead = await begin(options);
  await world.burnSequence(openAttempt(dead.leased).channelIndex);
  return dead;
}

/** A node that answers about the nth account that is read, and truly about all others. */
function answering(
  nth: number,
  answerOf: (answer: LedgerEntriesAnswer) => LedgerEntriesAnswer | Promise<LedgerEntriesAnswer>,
): SorobanRpc {
  let reads = 0;
  return {
    ...world.rpc,
    async getLedgerEntries(keys) {
      const answer = await world.rpc.getLedgerEntries(keys);
      if (!isAccountKey(String(keys))) return answer;
      reads += 1;
      return reads === nth ? answerOf(answer) : answer;
    },
  };
}

const gone = (answer: LedgerEntriesAnswer) => ({ ...answer, entries: [] });
const silent = () => Promise.reject(new RpcError("timeout", "getLedgerEntries"));

const channelCounts = async () => (await world.journal.counts()).channels;

describe("a dead attempt", () => {
  it("is rebuilt on its sequence only after a reading as new as its bound", async () => {
    const dead = await begin();
    const { maxLedger } = openAttempt(dead.leased);
    const late = answering(1, (answer) => ({ ...answer, latestLedger: maxLedger - 1 }));
    const step = await world.step(dead, { rpc: late });
    expect(step).toMatchObject({ kind: "again", item: { leased: { state: "dead" } } });
    expect((await world.recordOf(intent)).attempts).toHaveLength(1);
    await world.finish(dead);
    const { attempts } = await world.recordOf(intent);
    expect(attempts.map(({ state }) => state)).toEqual(["dead", "confirmed"]);
    expect(attempts[1]?.sequence).toBe(attempts[0]?.sequence);
    expect(world.balance).toBe(FUNDS - 10n);
  });

  it("whose channel account is gone waits for another channel", async () => {
    const dead = await begin({ channelCount: 1 });
    expect(await world.step(dead, { rpc: answering(1, gone) })).toEqual({ kind: "no_channel" });
    expect((await world.recordOf(intent)).state).toBe("dead");
    expect(world.logged).toContain("channel quarantined");
  });

  it("takes its own channel on, resynchronised, when no other is free", async () => {
    const dead = await beginUsurped({ channelCount: 1 });
    await world.finish(dead);
    const [first, second] = (await world.recordOf(intent)).attempts;
    expect(second).toMatchObject({ state: "confirmed", channelIndex: first?.channelIndex });
    expect(second?.sequence).toBe((first?.sequence ?? 0n) + 1n);
    expect(world.balance).toBe(FUNDS - 10n);
  });
});

describe("a dead attempt whose sequence went to a stranger", () => {
  it("is rebuilt on another channel, and leaves its own in quarantine", async () => {
    const dead = await beginUsurped();
    await world.finish(dead);
    const [first, second] = (await world.recordOf(intent)).attempts;
    expect([first?.channelIndex, second?.channelIndex]).toEqual([0, 1]);
    expect(second).toMatchObject({
      state: "confirmed",
      replacedHashes: [first?.hashes?.[0]?.hash],
    });
    expect(await channelCounts()).toMatchObject({ quarantined: 1, ready: 1, bound: 0 });
    expect(world.balance).toBe(FUNDS - 10n);
  });

  it("gives the other channel back while a node knows it only as it was", async () => {
    const dead = await beginUsurped();
    const lease = await world.journal.leaseChannel({
      count: 2,
      nowMs: world.clock(),
      leaseUntilMs: world.clock() + 1,
    });
    if (lease === undefined) throw new Error("no channel is free");
    await world.journal.releaseChannel(lease, {
      index: 1,
      resolvedLedger: world.network.latestLedger,
    });
    const late = answering(2, (answer) => ({ ...answer, latestLedger: 1 }));
    const step = await world.step(dead, { rpc: late });
    expect(step).toMatchObject({ kind: "again", item: { leased: { state: "dead" } } });
    expect(await channelCounts()).toMatchObject({ ready: 1, bound: 1 });
    await world.finish(dead);
    expect((await world.recordOf(intent)).state).toBe("confirmed");
  });

  it("has the other channel made again when its account is missing", async () => {
    const dead = await beginUsurped();
    const step = await world.step(dead, { rpc: answering(2, gone) });
    expect(step).toMatchObject({ kind: "again", item: { leased: { state: "dead" } } });
    expect(await channelCounts()).toMatchObject({ absent: 1, bound: 1 });
  });

  it("gives the other channel back when the node falls silent, and says so of the node", async () => {
    const dead = await beginUsurped();
    await expect(world.step(dead, { rpc: answering(2, silent) })).rejects.toThrow(RpcError);
    expect(await channelCounts()).toMatchObject({ ready: 1, bound: 1 });
    const journal = {
      ...world.journal,
      releaseChannel: () => Promise.reject(new Error("connection reset")),
    };
    const rpc = answering(2, silent);
    await expect(world.step(dead, { rpc, journal })).rejects.toThrow(RpcError);
  });
});
