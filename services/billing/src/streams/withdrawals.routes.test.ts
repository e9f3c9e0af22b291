import type { TransactionAnswer } from "@orrery/soroban/rpc/soroban-rpc";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type BillingFixture, createBillingFixture } from "../../test/billing-fixture.ts";
import { PAID_IN, StreamCalls } from "../../test/stream-calls.ts";

let billing: BillingFixture;
let streams: StreamCalls;

beforeEach(async () => {
  billing = await createBillingFixture();
  streams = new StreamCalls(billing);
  await streams.giveAdaAVault();
});

afterEach(() => billing.close());

/** What the network says of the settlement's transaction. */
function networkSays(answer: Partial<TransactionAnswer>): void {
  billing.transactions.set(PAID_IN.hash, {
    status: "NOT_FOUND",
    latestLedger: 200,
    oldestLedger: 1,
    ...answer,
  });
}

describe("POST /streams/{streamId}/withdraw", () => {
  it("is 202 until three ledgers are over the settlement, and 200 then", async () => {
    const id = await streams.createEnded();
    const requestedAt = new Date(billing.time.nowMs).toISOString();
    for (const confirmations of [0, 2]) {
      streams.confirmations(confirmations);
      const waiting = await streams.act(id, "withdraw");
      expect(waiting.statusCode).toBe(202);
      expect(waiting.headers).toMatchObject({
        location: `/api/v1/streams/${id}`,
        "retry-after": "1",
      });
      expect(waiting.json()).toMatchObject({
        status: "ended",
        withdrawal: { state: "pending", requestedAt },
      });
    }
    streams.confirmations(3);
    billing.time.nowMs += 4_000;
    const answer = await streams.act(id, "withdraw");
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      status: "withdrawn",
      nextAction: null,
      settledUsdc: "0.000002",
      settlementTxHash: PAID_IN.hash,
      withdrawal: {
        state: "succeeded",
        requestedAt,
        resolvedAt: new Date(billing.time.nowMs).toISOString(),
      },
    });
    expect((await streams.activity(id)).slice(0, 3)).toEqual([
      "stream.withdrawn",
      "stream.withdrawal_requested",
      "stream.ended",
    ]);
  });

  it("ends by itself, whether or not anybody asks again", async () => {
    const id = await streams.createEnded();
    streams.confirmations(1);
    await streams.act(id, "withdraw");
    await billing.withdrawals.run();
    expect((await streams.get(id)).withdrawal.state).toBe("pending");
    streams.confirmations(3);
    await billing.withdrawals.run();
    expect(await streams.get(id)).toMatchObject({
      status: "withdrawn",
      withdrawal: { state: "succeeded" },
    });
  });

  it("waits while the chain cannot be asked, fails in the end, and may be tried again", async () => {
    const id = await streams.createEnded();
    expect((await streams.act(id, "withdraw")).statusCode).toBe(202);
    billing.time.nowMs += 599_999;
    await billing.withdrawals.run();
    expect((await streams.get(id)).withdrawal.state).toBe("pending");
    billing.time.nowMs += 1;
    await billing.withdrawals.run();
    expect(await streams.get(id)).toMatchObject({
      status: "ended",
      nextAction: "withdraw",
      withdrawal: { state: "failed", failureCode: "finality_timeout" },
    });
    expect((await streams.activity(id))[0]).toBe("stream.withdrawal_failed");
    streams.confirmations(9);
    const again = await streams.act(id, "withdraw");
    expect([again.statusCode, again.json().status]).toEqual([200, "withdrawn"]);
    expect(again.json().withdrawal.failureCode).toBeUndefined();
  });

  it("tells a repeat of the request that it failed, and begins anew for another", async () => {
    const id = await streams.createEnded();
    const first = { "idempotency-key": "withdraw-1" };
    expect((await streams.act(id, "withdraw", first)).statusCode).toBe(202);
    billing.time.nowMs += 600_000;
    await billing.withdrawals.run();
    const repeat = await streams.act(id, "withdraw", first);
    expect([repeat.statusCode, repeat.json().withdrawal.state]).toEqual([200, "failed"]);
    const another = await streams.act(id, "withdraw");
    expect([another.statusCode, another.json().withdrawal.state]).toEqual([202, "pending"]);
  });

  it("fails when the network does not know the settlement, seen twice", async () => {
    const id = await streams.createEnded();
    networkSays({ latestLedger: 200 });
    expect((await streams.act(id, "withdraw")).statusCode).toBe(202);
    await billing.withdrawals.run();
    expect((await streams.get(id)).withdrawal.state).toBe("pending");
    networkSays({ latestLedger: 201 });
    await billing.withdrawals.run();
    expect((await streams.get(id)).withdrawal).toMatchObject({
      state: "failed",
      failureCode: "settlement_tx_missing",
    });
  });

  it("waits for nothing where only the contract's memory proves the payment", async () => {
    const id = await streams.createActive();
    await streams.actAndPay(id, "stop", {
      state: "confirmed",
      confirmation: { evidence: "marker" },
    });
    const answer = await streams.act(id, "withdraw");
    expect([answer.statusCode, answer.json().status]).toEqual([200, "withdrawn"]);
    expect(answer.json().settlementTxHash).toBeNull();
  });

  it("looks after every withdrawal, however many wait", async () => {
    const ids = [];
    for (let index = 0; index < 7; index += 1) ids.push(await streams.createEnded());
    streams.confirmations(0);
    for (const id of ids) await streams.act(id, "withdraw");
    streams.confirmations(3);
    await billing.withdrawals.run();
    const statuses = await Promise.all(ids.map(async (id) => (await streams.get(id)).status));
    expect(new Set(statuses)).toEqual(new Set(["withdrawn"]));
  });

  it("asks a network that does not answer once in a look, and times every withdrawal out", async () => {
    const ids = [await streams.createEnded(), await streams.createEnded()];
    for (const id of ids) await streams.act(id, "withdraw");
    const asked = billing.asked();
    billing.time.nowMs += 600_000;
    await billing.withdrawals.run();
    expect(billing.asked()).toBe(asked + 1);
    for (const id of ids) {
      expect((await streams.get(id)).withdrawal.failureCode).toBe("finality_timeout");
    }
  });

  it("is counted by how it ended", async () => {
    const id = await streams.createEnded();
    streams.confirmations(3);
    await streams.act(id, "withdraw");
    const { body } = await billing.app.inject("/metrics");
    expect(body).toContain('billing_stream_withdrawals_total{outcome="succeeded"} 1');
    expect(body).toContain('billing_stream_withdrawals_total{outcome="failed"} 0');
  });
});
