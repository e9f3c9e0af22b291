import type { TransactionAnswer } from "@orrery/soroban/rpc/soroban-rpc";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BillingFixture, createBillingFixture } from "../../test/billing-fixture.ts";
import { PAID_IN, StreamCalls } from "../../test/stream-calls.ts";
import { WithdrawalService } from "./withdrawal-service.ts";

const TERMS = { minConfirmations: 3, timeoutMs: 600_000 };
const FINAL = {
  status: "SUCCESS",
  ledger: PAID_IN.ledger,
  latestLedger: PAID_IN.ledger + 3,
  oldestLedger: 1,
} as const;

let billing: BillingFixture;
let streams: StreamCalls;
let ended: string[];

beforeEach(async () => {
  billing = await createBillingFixture();
  streams = new StreamCalls(billing);
  await streams.giveAdaAVault();
  ended = [];
});

afterEach(() => billing.close());

/** Another instance's, which reads the network as the test says. */
function instance(readTransaction: () => Promise<TransactionAnswer | undefined>) {
  return new WithdrawalService({
    streams: billing.streams,
    readTransaction,
    terms: TERMS,
    metrics: { withdrawn: (outcome) => ended.push(outcome) },
  });
}

/** A stream whose withdrawal waits for a network that does not answer. */
async function createWithdrawing(): Promise<string> {
  const id = await streams.createEnded();
  await streams.act(id, "withdraw");
  return id;
}

const stateOf = async (id: string) => (await streams.get(id)).withdrawal.state;

describe("WithdrawalService", () => {
  it("ends a withdrawal once, however many look at it at once", async () => {
    const id = await createWithdrawing();
    const { promise, resolve } = Promise.withResolvers<TransactionAnswer>();
    const looks = [1, 2, 3].map(() => instance(() => promise).advance("acme", id));
    resolve(FINAL);
    const readings = await Promise.all(looks);
    expect(readings.map((reading) => reading?.stream.status)).toEqual([
      "withdrawn",
      "withdrawn",
      "withdrawn",
    ]);
    expect(ended).toEqual(["succeeded"]);
    const happened = await streams.activity(id);
    expect(happened.filter((type) => type === "stream.withdrawn")).toHaveLength(1);
  });

  it("does not end a withdrawal by what the network said of one that failed meanwhile", async () => {
    const id = await createWithdrawing();
    const { promise, resolve } = Promise.withResolvers<TransactionAnswer>();
    const look = instance(() => promise).advance("acme", id);
    billing.time.nowMs += TERMS.timeoutMs;
    await billing.withdrawals.run();
    resolve(FINAL);
    expect((await look)?.stream).toMatchObject({
      status: "ended",
      withdrawal: { state: "failed", failureCode: "finality_timeout" },
    });
    expect(ended).toEqual([]);
  });

  it("asks the network nothing of a stream that waits for nothing, or is not there", async () => {
    const id = await streams.createEnded();
    let asked = 0;
    const service = instance(async () => {
      asked += 1;
      return FINAL;
    });
    expect((await service.advance("acme", id))?.stream.status).toBe("ended");
    expect(await service.advance("acme", "nobody")).toBeUndefined();
    expect(await service.advance("globex", id)).toBeUndefined();
    expect(asked).toBe(0);
  });

  it("stops after the stream that it is at, and leaves the others to the next look", async () => {
    const [first, second] = [await createWithdrawing(), await createWithdrawing()];
    const stopping = instance(async () => {
      stopping.stop();
      return FINAL;
    });
    await stopping.run();
    expect([await stateOf(first), await stateOf(second)]).toEqual(["succeeded", "pending"]);
    await instance(async () => FINAL).run();
    expect(await stateOf(second)).toBe("succeeded");
  });
});
