import { ProblemError } from "@orrery/common/contracts/errors";
import { composeMemoryStores } from "@orrery/common/repositories/memory/compose";
import { accruedAt, type SettlingAction } from "@orrery/common/repositories/stream/stream";
import { CHARGED, REFUSED, settleIntent } from "@orrery/common/testing/settle-intent";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StreamService } from "./stream-service.ts";

const START_MS = Date.parse("2026-03-01T12:00:00.000Z");

const step = fc.record({
  waitMs: fc.nat(700),
  action: fc.constantFrom("start", "start", "pause", "pause", "stop", "settle", "cancel"),
  isPaid: fc.boolean(),
  chainMs: fc.nat(700),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Streams over memory adapters, on a chain that answers when it is told to. */
async function createStreams() {
  const time = { nowMs: START_MS };
  const stores = composeMemoryStores({ clock: () => time.nowMs });
  const { vaults, journal, streams: repository } = stores;
  await vaults.put("acme", { userId: "ada", contractId: "C1" }, new Date(START_MS));
  const service = new StreamService({
    streams: repository,
    waiter: { wait: async () => undefined },
    backlog: { admit: () => ({ withdraw: () => {} }) },
    withdrawals: { advance: async () => undefined },
    wake: () => {},
    networkPassphrase: "Test",
  });
  return { time, repository, journal, service };
}

/** What a stream must hold: each millisecond that was active adds the rate, up to the total. */
class Oracle {
  isActive = false;
  isOver = false;
  paid = 0n;
  #activeMs = 0;
  readonly #rate: bigint;
  readonly #total: bigint;

  constructor(rate: bigint, total: bigint) {
    this.#rate = rate;
    this.#total = total;
  }

  pass(ms: number): void {
    for (let passed = 0; passed < ms; passed += 1) if (this.isActive) this.#activeMs += 1;
  }

  get accrued(): bigint {
    let thousandths = 0n;
    for (let ms = 0; ms < this.#activeMs; ms += 1) thousandths += this.#rate;
    const stroops = thousandths / 1_000n;
    return stroops > this.#total ? this.#total : stroops;
  }
}

async function play(steps: readonly Step[], rate: bigint, total: bigint): Promise<void> {
  const { time, repository, journal, service } = await createStreams();
  const oracle = new Oracle(rate, total);
  let tries = 0;
  const pass = (ms: number) => {
    time.nowMs += ms;
    oracle.pass(ms);
  };
  const current = async () => {
    const reading = await repository.find("acme", "s-1");
    if (reading === undefined) throw new Error("the stream is gone");
    return reading;
  };
  const settle = async (action: SettlingAction, one: Step) => {
    await service.settle("acme", "s-1", action, 0);
    const { stream, asOf } = await current();
    const owed = oracle.accrued;
    if (oracle.isOver) return;
    if (owed === 0n) {
      oracle.isActive = false;
      oracle.isOver = true;
      return;
    }
    expect([stream.settlement?.amountStroops, accruedAt(stream, asOf)]).toEqual([owed, owed]);
    tries += 1;
    const outcome = one.isPaid ? CHARGED : REFUSED;
    if (one.isPaid) oracle.isActive = false;
    pass(one.chainMs);
    expect(accruedAt(stream, new Date(time.nowMs))).toBe(owed);
    const intentId = stream.settlement?.intentId ?? "";
    await settleIntent(journal, intentId, outcome, time.nowMs + tries * 600_000);
    oracle.isOver = one.isPaid;
    oracle.paid = one.isPaid ? owed : 0n;
  };
  const wanted = { senderUserId: "ada", recipient: "G1", token: "USDC" } as const;
  const terms = { ratePerSecondStroops: rate, totalStroops: total };
  await service.create("acme", { id: "s-1", ...wanted, ...terms });
  for (const one of steps) {
    pass(one.waitMs);
    try {
      if (one.action === "start" || one.action === "pause") {
        await service.move("acme", "s-1", one.action);
        oracle.isActive = one.action === "start";
      } else await settle(one.action, one);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
    const { stream, asOf } = await current();
    expect(accruedAt(stream, asOf)).toBe(oracle.accrued);
    expect([stream.settledStroops, stream.endedAt !== undefined]).toEqual([
      oracle.paid,
      oracle.isOver,
    ]);
  }
}

describe("what a stream has accrued", () => {
  it("is what a millisecond by millisecond count gives, whatever is asked of it and fails", async () => {
    const rate = fc.bigInt({ min: 1n, max: 5_000n });
    const total = fc.bigInt({ min: 1n, max: 5_000n });
    await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 12 }), rate, total, play));
  });
});
