import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { consumerOf, startTestStack, type TestStack } from "./test-stack.ts";

describe("one paid API call through three services", () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await startTestStack();
  });
  afterAll(() => stack?.stop());

  it("charges on the ledger once: 201 with a hash, then 200 with the same hash", async () => {
    const acme = consumerOf(stack.demo());
    const before = await acme.balanceStroops();

    const first = await acme.deduct("charge-1", "1.5");
    expect(first).toMatchObject({
      status: 201,
      body: {
        requestId: "charge-1",
        status: "confirmed",
        stellarTxHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        ledger: expect.any(Number),
        amountUsdc: "1.5",
        alreadyProcessed: false,
      },
    });
    const second = await acme.deduct("charge-1", "1.50");
    expect(second.status).toBe(200);
    expect(second.body).toEqual({ ...(first.body as object), alreadyProcessed: true });
    expect(before - (await acme.balanceStroops())).toBe(15_000_000n);
  });

  it("charges once when twenty duplicates come at the same time", async () => {
    const acme = consumerOf(stack.demo());
    const before = await acme.balanceStroops();
    const answers = await Promise.all(Array.from({ length: 20 }, () => acme.deduct("race-1")));

    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
    expect(statuses.filter((status) => status === 200)).toHaveLength(19);
    const hashes = answers.map(({ body }) => (body as { stellarTxHash: string }).stellarTxHash);
    expect(new Set(hashes).size).toBe(1);
    expect(before - (await acme.balanceStroops())).toBe(500_000n);
  });

  it("answers 409 when a request id comes back with other fields, and charges nothing", async () => {
    const acme = consumerOf(stack.demo());
    await acme.deduct("mismatch-1");
    const before = await acme.balanceStroops();
    expect(await acme.deduct("mismatch-1", "0.06")).toMatchObject({
      status: 409,
      body: { code: "request_id_mismatch", requestId: expect.any(String) },
    });
    expect(await acme.balanceStroops()).toBe(before);
  });

  it("keeps a request from every other tenant, whose own request of that id is another charge", async () => {
    const acme = consumerOf(stack.demo());
    const globex = consumerOf(stack.demo(), 1);
    const mine = await acme.deduct("shared-id");
    expect(await acme.client.call("GET", "/billing/request/shared-id")).toMatchObject({
      status: 200,
      body: { status: "confirmed" },
    });
    expect((await globex.client.call("GET", "/billing/request/shared-id")).status).toBe(404);
    const theirs = await globex.deduct("shared-id");
    expect(theirs.status).toBe(201);
    expect((theirs.body as { stellarTxHash: string }).stellarTxHash).not.toBe(
      (mine.body as { stellarTxHash: string }).stellarTxHash,
    );
  });

  it("answers 402 when the vault cannot pay, and charges nothing", async () => {
    const acme = consumerOf(stack.demo());
    const before = await acme.balanceStroops();
    expect(await acme.deduct("too-much", "100000000")).toMatchObject({
      status: 402,
      body: { code: "insufficient_balance" },
    });
    expect(await acme.balanceStroops()).toBe(before);
  });

  it("tells the balance that the ledger has", async () => {
    const acme = consumerOf(stack.demo());
    const { status, body } = await acme.client.call("GET", `/billing/balance/${acme.user.userId}`);
    expect(status).toBe(200);
    const stroops = await acme.balanceStroops();
    const [whole = "", fraction = ""] = (body as { balanceUsdc: string }).balanceUsdc.split(".");
    expect(BigInt(whole + fraction.padEnd(7, "0"))).toBe(stroops);
  });

  it("shows the seeded token, its burns and its pool through the catalog", async () => {
    const { client } = consumerOf(stack.demo());
    expect(await client.call("GET", "/tokens/search?q=star")).toMatchObject({
      status: 200,
      body: { data: [{ symbol: "STAR", burnCount: 3 }] },
    });
    expect(await client.call("GET", "/leaderboard/most-burned")).toMatchObject({
      status: 200,
      body: { data: [{ rank: 1, token: { symbol: "STAR" } }] },
    });
    expect(await client.call("GET", "/stats")).toMatchObject({
      status: 200,
      body: { totalPools: 1, totalBets: 1 },
    });
  });
});
