import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findChromium, renderPage } from "../../src/testing/chromium.ts";
import { readTestServersConfig } from "../../src/testing/config.ts";
import { consumerOf, startTestStack, type TestStack } from "./test-stack.ts";

/** Pages are opened where there is a browser, as in the checks; a machine without one has the rest. */
const chromium = await findChromium(readTestServersConfig().searchPath);
if (chromium === undefined) console.warn("no Chromium on this machine: no page is opened in one");

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

  it("pays a stream by the second, once, and lets it be withdrawn when that is final", async () => {
    const acme = consumerOf(stack.demo());
    const before = await acme.balanceStroops();
    const act = async (action: string, id = "stream-ada") => {
      const response = await fetch(`${stack.demo().gatewayUrl}/api/v1/streams/${id}/${action}`, {
        method: "POST",
        headers: { "x-api-key": acme.tenant.apiKey, "idempotency-key": `${action} ${id}` },
      });
      return { status: response.status, body: (await response.json()) as Record<string, string> };
    };
    const created = await acme.client.call("POST", "/streams", {
      id: "stream-ada",
      senderUserId: acme.user.userId,
      recipient: acme.api.payoutAddress,
      ratePerSecondStroops: "1000000",
      totalAmountUsdc: "5",
    });
    expect(created).toMatchObject({ status: 201, body: { status: "draft" } });
    expect((await act("start")).status).toBe(200);
    const stream = async () =>
      (await acme.client.call("GET", "/streams/stream-ada")).body as Record<string, string>;
    await vi.waitUntil(async () => (await stream())["accruedUsdc"] !== "0", { timeout: 20_000 });
    const settled = await act("settle");
    expect(settled).toMatchObject({ status: 200, body: { status: "ended" } });
    expect(await act("settle")).toEqual(settled);
    const paid = Number(settled.body["settledUsdc"]) * 10_000_000;
    expect(before - (await acme.balanceStroops())).toBe(BigInt(Math.round(paid)));
    expect([200, 202]).toContain((await act("withdraw")).status);
    await vi.waitUntil(async () => (await stream())["status"] === "withdrawn", { timeout: 30_000 });
    const activity = await acme.client.call("GET", "/streams/stream-ada/activity");
    expect(activity.body).toMatchObject({ meta: { total: 6 } });
    expect((await act("start", "none")).status).toBe(404);
  });

  it("shows the seeded token, its burns and its pool through the catalog", async () => {
    const { client } = consumerOf(stack.demo());
    expect(await client.call("GET", "/tokens/search?q=star")).toMatchObject({
      status: 200,
      body: { data: [{ symbol: "STAR", burnCount: 3 }] },
    });
    expect(await client.call("GET", "/leaderboard/most-burned?limit=1")).toMatchObject({
      status: 200,
      body: { data: [{ rank: 1, token: { symbol: "STAR" } }] },
    });
    expect(await client.call("GET", "/stats")).toMatchObject({
      status: 200,
      body: { totalPools: 1, totalBets: 1 },
    });
  });

  it("replays what a repeated Idempotency-Key was answered, under the version and its alias", async () => {
    const { tenant } = consumerOf(stack.demo());
    const create = (mount: string, symbol: string) =>
      fetch(`${stack.demo().gatewayUrl}${mount}/tokens`, {
        method: "POST",
        headers: {
          "x-api-key": tenant.apiKey,
          "content-type": "application/json",
          "idempotency-key": "create once",
        },
        body: JSON.stringify({
          address: "ONCE",
          name: "Once",
          symbol,
          decimals: 7,
          totalSupply: "1",
        }),
      });
    const first = await create("/api/v1", "ONE");
    const again = await create("/api", "ONE");
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(again.headers.get("location")).toBe(first.headers.get("location"));
    expect(await again.text()).toBe(await first.text());
    expect((await create("/api/v1", "TWO")).status).toBe(422);
  });

  describe.each(chromium === undefined ? [] : [chromium])("in the browser %s", (browser) => {
    it("is seen on the status page", async () => {
      const { client, deduct } = consumerOf(stack.demo());
      expect((await deduct("seen-1")).status).toBe(201);
      expect((await client.call("GET", "/tokens/search")).status).toBe(200);
      const url = `${stack.demo().gatewayUrl}/status`;
      const { html, complaints } = await renderPage(browser, url, { width: 390, height: 844 });
      expect(complaints).toBe("");
      expect(html).toMatch(/<p id="summary" role="status" class="ok">All is well\.<\/p>/);
      const named = (name: string) =>
        new RegExp(`<dt>${name}</dt><dd>(?:<meter[^>]*></meter>)?([^<]+)</dd>`).exec(html)?.[1];
      expect(Number(named("confirmed"))).toBeGreaterThan(0);
      expect(named("outcome unknown")).toBe("0");
      expect(named("connections, billing")).toMatch(/^\d+ %$/);
      expect(html).toMatch(/<li>billing<span class="ok">well<\/span><\/li>/);
    });

    it("is found in the API reference", async () => {
      const url = `${stack.demo().gatewayUrl}/docs`;
      const { html, complaints } = await renderPage(browser, url, {
        width: 1200,
        height: 800,
      });
      expect(complaints).toBe("");
      expect(html).toContain("/billing/deduct");
      expect(html).not.toContain("Failed to load");
    });
  });
});
