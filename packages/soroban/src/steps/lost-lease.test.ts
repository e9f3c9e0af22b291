import { describe, expect, it } from "vitest";
import { ArchivingRpc } from "../../test/support/archiving-rpc.ts";
import { FUNDS, StepWorld, type StepWorldOptions } from "../../test/support/step-world.ts";
import type { SubmissionIntent } from "../intent/submission-intent.ts";
import { tokenOf } from "../journal/submission-journal.ts";
import { DEFAULT_FEE_POLICY } from "../pacing/fee-policy.ts";
import type { WorkItem } from "./work-item.ts";

/**
 * A worker that stood still until its lease was another's: where it stood, and what its next step
 * would have stored. `arrange` brings a submission to that point.
 */
interface Story {
  readonly would: string;
  readonly options?: StepWorldOptions;
  readonly intents?: (world: StepWorld) => SubmissionIntent[];
  arrange(world: StepWorld, item: WorkItem): Promise<WorkItem>;
}

const sent = async (world: StepWorld, item: WorkItem) => world.walk(item, "sent");

/** The ledger applies what was sent; the worker has not asked yet. */
async function applied(world: StepWorld, item: WorkItem) {
  const waiting = await sent(world, item);
  await world.network.pass(5_000);
  return waiting;
}

const stories: readonly Story[] = [
  {
    would: "prepare an attempt",
    arrange: async (_world, item) => item,
  },
  {
    would: "refuse riders",
    intents: (world) => [world.intent({ amountStroops: FUNDS + 1n })],
    arrange: async (_world, item) => item,
  },
  {
    would: "hand back those that have no room",
    intents: (world) => [world.intent(), world.intent()],
    arrange: async (_world, item) => ({
      ...item,
      leased: {
        ...item.leased,
        // As after five failures on chain, when the last try of each is its own.
        intents: item.leased.intents.map((rider) => ({ ...rider, retryCount: 5 })),
      },
    }),
  },
  {
    would: "record that it has sent",
    async arrange(world, item) {
      const rpc = { ...world.rpc, sendTransaction: () => Promise.reject(new TypeError("a bug")) };
      await expect(world.step(item, { rpc })).rejects.toThrow("a bug");
      const leased = await world.journal.reread(tokenOf(item.leased));
      if (leased === undefined) throw new Error("not under lease");
      return { ...item, leased };
    },
  },
  {
    would: "record what is restored",
    async arrange(world, item) {
      const { rpc } = new ArchivingRpc(world.rpc);
      const waiting = await world.walk(item, "sent", { rpc });
      await world.network.pass(5_000);
      return waiting;
    },
  },
  {
    would: "confirm a charge",
    arrange: applied,
  },
  {
    would: "take a failed charge up again",
    async arrange(world, item) {
      await world.network.faults({ archivedEntries: 1 });
      return applied(world, item);
    },
  },
  {
    would: "store a bump",
    options: { settings: { feePolicy: DEFAULT_FEE_POLICY, validityLedgers: 100 } },
    async arrange(world, item) {
      await world.network.faults({ dropTransactions: 1 });
      return sent(world, item);
    },
  },
  {
    would: "mark an attempt as dead",
    async arrange(world, item) {
      await world.network.faults({ dropTransactions: 1 });
      let current = await sent(world, item);
      await world.network.pass(15 * 5_000);
      const step = await world.step(current);
      if (step.kind === "again") current = step.item;
      return current;
    },
  },
  {
    would: "rebuild a dead attempt",
    async arrange(world, item) {
      await world.network.faults({ dropTransactions: 1 });
      return world.walk(item, "dead");
    },
  },
  {
    would: "rebuild a dead attempt on another channel",
    async arrange(world, item) {
      await world.network.faults({ dropTransactions: 1 });
      const dead = await world.walk(item, "dead");
      await world.burnSequence(0);
      return dead;
    },
  },
];

describe("a worker that lost its lease", () => {
  for (const { would, options, intents, arrange } of stories) {
    it(`cannot ${would}`, async () => {
      const world = await StepWorld.begin(options);
      const riders = intents?.(world) ?? [world.intent()];
      const held = await arrange(world, await world.lease(...riders));
      const taken = await world.takeOver();
      const records = () => Promise.all(riders.map((rider) => world.recordOf(rider)));
      const before = { records: await records(), counts: await world.journal.counts() };
      expect((await world.step(held)).kind).toBe("lost");
      expect({ records: await records(), counts: await world.journal.counts() }).toEqual(before);
      // The other is not hindered either.
      expect((await world.finish(taken)).kind).toMatch(/^(resolved|handed_back)$/);
      expect(FUNDS - (world.balance ?? 0n)).toBeLessThanOrEqual(10n * BigInt(riders.length));
    });
  }
});
