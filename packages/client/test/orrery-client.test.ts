import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  ConnectionError,
  DeductionFailedError,
  OrreryClient,
  OrreryError,
} from "../src/orrery-client.ts";
import { problem, type ScriptedServer, startScriptedServer } from "./scripted-server.ts";

let server: ScriptedServer;
let client: OrreryClient;

beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  // Retries wait as long as the random number says: not at all.
  client = new OrreryClient({ baseUrl: `${server.url}/`, apiKey: "ork_key", random: () => 0 });
});

const DEDUCTION = {
  requestId: "req-1",
  userId: "ada",
  apiId: "weather",
  endpointId: "forecast",
  apiKeyId: "key-1",
  amountUsdc: "1.5",
};
const IDENTITY = { usageEventId: "u-1", requestId: "req-1", amountUsdc: "1.5" };
const CHARGED = { ...IDENTITY, stellarTxHash: "ab", ledger: 7, status: "confirmed" };

describe("a call", () => {
  it("fills the path, the query and the headers in", async () => {
    server.script({ status: 200, body: { data: [], meta: {} } });
    await client.call("listStreamActivity", { path: { streamId: "a/b ?" }, query: { limit: 5 } });
    await client.call("listTenants");
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /api/v1/streams/a%2Fb%20%3F/activity?limit=5",
      "GET /api/v1/admin/tenants",
    ]);
    expect(server.requests[0]?.headers).toMatchObject({ "x-api-key": "ork_key" });
    expect(server.requests[0]?.headers["idempotency-key"]).toBeUndefined();
  });

  it("sends JSON, and files as they are, slashes of their path included", async () => {
    server.script({ status: 201, body: { ok: true } });
    const vault = await client.call("putVault", {
      path: { userId: "ada" },
      body: { contractId: "C" },
    });
    expect(vault).toMatchObject({ status: 201, body: { ok: true } });
    await client.call("putMedia", {
      path: { address: "T" },
      query: { path: "a/b.txt" },
      body: "hello",
      contentType: "text/plain",
    });
    await client.open("getMedia", { path: { tenantId: "t", address: "T", path: "a/b c.txt" } });
    const [put, media, got] = server.requests;
    expect(put).toMatchObject({
      body: '{"contractId":"C"}',
      headers: { "content-type": "application/json" },
    });
    expect(media).toMatchObject({ body: "hello", headers: { "content-type": "text/plain" } });
    expect(got?.url).toBe("/api/v1/media/t/T/a/b%20c.txt");
  });

  it("asks for a token before every attempt, and names the tenant", async () => {
    let count = 0;
    const bearer = new OrreryClient({
      baseUrl: server.url,
      token: () => `t${(count += 1)}`,
      tenantId: "acme",
      random: () => 0,
    });
    server.script(problem(503, "service_unavailable"), { status: 200, body: {} });
    await bearer.call("getStats");
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer t1",
      "Bearer t2",
    ]);
    expect(server.requests[0]?.headers["x-tenant-id"]).toBe("acme");
  });

  it("throws what the API says as a typed error", async () => {
    server.script(problem(409, "token_exists"));
    const body = { address: "T", name: "T", symbol: "T", decimals: 0, totalSupply: "1" };
    const error = await client.call("createToken", { body }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OrreryError);
    expect(error).toMatchObject({ status: 409, code: "token_exists", requestId: "r-1" });
    expect(server.requests).toHaveLength(1);
  });
});

describe("retries", () => {
  it.each([
    ["a lost answer", "drop"],
    ["429", problem(429, "rate_limited")],
    ["503", problem(503, "backlog_full")],
    ["504", problem(504, "gateway_timeout")],
    ["a twin in flight", problem(409, "idempotency_in_progress")],
  ] as const)("repeat a POST after %s under the same key", async (_what, failure) => {
    server.script(failure, { status: 201, body: CHARGED });
    await client.call("deduct", { body: DEDUCTION });
    const keys = server.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it("use another key for another call, and the caller's own where there is one", async () => {
    server.script({ status: 201, body: CHARGED });
    for (let call = 0; call < 2; call += 1) await client.call("deduct", { body: DEDUCTION });
    await client.call("deduct", { body: DEDUCTION, idempotencyKey: "mine" });
    const keys = server.requests.map(({ headers }) => headers["idempotency-key"]);
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe("mine");
  });

  it.each([
    ["400", problem(400, "invalid_request")],
    ["402", problem(402, "insufficient_balance")],
    ["what the contract refused", problem(502, "deduction_rejected")],
    [
      "a pause longer than allowed",
      { ...problem(429, "rate_limited"), headers: { "retry-after": "31" } },
    ],
  ])("are not made after %s", async (_what, failure) => {
    server.script(failure);
    await expect(client.call("deduct", { body: DEDUCTION })).rejects.toThrow(OrreryError);
    expect(server.requests).toHaveLength(1);
  });

  it("wait as long as Retry-After says", async () => {
    const busy = { ...problem(503, "backlog_full"), headers: { "retry-after": "1" } };
    server.script(busy, { status: 201, body: CHARGED });
    const startedMs = performance.now();
    await client.call("deduct", { body: DEDUCTION });
    expect(performance.now() - startedMs).toBeGreaterThan(990);
  });

  it("end after three, with the last error", async () => {
    server.script("drop");
    await expect(client.call("getStats")).rejects.toThrow(ConnectionError);
    expect(server.requests).toHaveLength(4);
    server.script(problem(503, "service_unavailable"));
    await expect(client.call("getStats")).rejects.toMatchObject({ code: "service_unavailable" });
    expect(server.requests).toHaveLength(4);
  });

  it("end at once when the caller aborts", async () => {
    server.script({ ...problem(503, "backlog_full"), headers: { "retry-after": "20" } });
    const controller = new AbortController();
    const call = client.call("getStats", { signal: controller.signal });
    await expect.poll(() => server.requests.length).toBe(1);
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
  });
});

describe("lists", () => {
  it("are read page by page until there is no cursor", async () => {
    const page = (ids: string[], nextCursor: string | null) => ({
      status: 200,
      body: { data: ids.map((id) => ({ id })), meta: { nextCursor } },
    });
    server.script(page(["a", "b"], "c2"), page(["c"], null));
    const ids: string[] = [];
    for await (const { id } of client.items("listStreams", { query: { limit: 2 } })) ids.push(id);
    expect(ids).toEqual(["a", "b", "c"]);
    expect(server.requests.map(({ url }) => url)).toEqual([
      "/api/v1/streams?limit=2",
      "/api/v1/streams?limit=2&cursor=c2",
    ]);
  });
});

describe("deduct", () => {
  const state = { ...IDENTITY, status: "pending" };
  const pending = { status: 202, headers: { "retry-after": "0" }, body: state };

  it("gives the charge of the first answer", async () => {
    server.script({ status: 200, body: { ...CHARGED, alreadyProcessed: true } });
    expect(await client.deduct(DEDUCTION)).toMatchObject({
      status: "confirmed",
      charge: { stellarTxHash: "ab", alreadyProcessed: true },
    });
    expect(server.requests[0]?.headers["prefer"]).toBe("wait=30");
  });

  it("looks again until a pending one is charged, whatever fails in between", async () => {
    const answers = [problem(500, "internal_error"), { status: 200, body: state }];
    const once = new OrreryClient({ baseUrl: server.url, maxRetries: 0 });
    server.script(pending, ...answers, { status: 200, body: CHARGED });
    expect(await once.deduct(DEDUCTION)).toEqual({
      status: "confirmed",
      charge: { ...IDENTITY, stellarTxHash: "ab", ledger: 7, alreadyProcessed: false },
    });
    const looks = server.requests.filter(({ url }) => url === "/api/v1/billing/request/req-1");
    expect(looks).toHaveLength(3);
  });

  it("throws when the chain refused what was pending", async () => {
    const failure = { reason: "contract_error", contractError: 4 };
    server.script(pending, { status: 200, body: { ...IDENTITY, status: "failed", failure } });
    const error = await client.deduct(DEDUCTION).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeductionFailedError);
    expect(error).toMatchObject({ reason: "contract_error", contractError: 4 });
  });

  it("gives what is reserved, and what is still pending when the wait is over", async () => {
    server.script({ status: 202, body: { ...IDENTITY, status: "reserved" } });
    expect(await client.deduct(DEDUCTION)).toEqual({ status: "reserved", requestId: "req-1" });
    server.script(pending);
    expect(await client.deduct(DEDUCTION, { waitMs: 0 })).toEqual({
      status: "pending",
      requestId: "req-1",
    });
    expect(server.requests[0]?.headers["prefer"]).toBe("respond-async");
  });
});
