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
const TIMED_OUT = expect.objectContaining({ message: "timed out" });
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

  it("throws what the token function throws, and sends nothing", async () => {
    let count = 0;
    const token = () => {
      count += 1;
      return Promise.reject(new RangeError("signed out"));
    };
    server.script({ status: 200, body: {} });
    const bearer = new OrreryClient({ baseUrl: server.url, token, random: () => 0 });
    await expect(bearer.call("getStats")).rejects.toThrow(RangeError);
    expect(count).toBe(1);
    expect(server.requests).toHaveLength(0);
  });

  it.each([".", ".."])("refuses %j in a path, where it would lead elsewhere", async (dots) => {
    server.script({ status: 200, body: {} });
    const file = { tenantId: "t", address: "T", path: `a/${dots}/b.txt` };
    await expect(client.call("getRequest", { path: { requestId: dots } })).rejects.toThrow(
      TypeError,
    );
    await expect(client.open("getMedia", { path: file })).rejects.toThrow(TypeError);
    await expect(client.deduct({ ...DEDUCTION, requestId: dots })).rejects.toThrow(TypeError);
    expect(server.requests).toHaveLength(0);
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
    ["an answer cut off after its headers", "cut"],
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

  it("end with an attempt's time when a body or a token does not come", async () => {
    const hasty = { baseUrl: server.url, timeoutMs: 100, maxRetries: 0 };
    server.script("stall");
    await expect(new OrreryClient(hasty).call("getStats")).rejects.toThrow(ConnectionError);
    const token = () => new Promise<string>(() => {});
    const waiting = new OrreryClient({ ...hasty, token }).call("getStats");
    await expect(waiting).rejects.toMatchObject({ name: "ConnectionError", cause: TIMED_OUT });
  });

  it("leave the reading of an opened answer to the caller", async () => {
    server.script("stall");
    const { status, body } = await client.open("getStats");
    expect(status).toBe(200);
    await body?.cancel();
  });

  it("have no end of their own where the time is endless", async () => {
    server.script({ status: 200, body: { totalPools: 1 } });
    const patient = new OrreryClient({ baseUrl: server.url, timeoutMs: Number.POSITIVE_INFINITY });
    expect(await patient.call("getStats")).toMatchObject({ body: { totalPools: 1 } });
  });

  it("end at once when the caller aborts", async () => {
    server.script({ ...problem(503, "backlog_full"), headers: { "retry-after": "20" } });
    const controller = new AbortController();
    const call = client.call("getStats", { signal: controller.signal });
    await expect.poll(() => server.requests.length).toBe(1);
    controller.abort(new Error("enough"));
    await expect(call).rejects.toThrow("enough");
    const late = client.call("getStats", { signal: controller.signal });
    await expect(late).rejects.toThrow("enough");
    expect(server.requests).toHaveLength(1);
  });
});

describe("lists", () => {
  it("are read page by page until there is no cursor", async () => {
    const page = (ids: string[], nextCursor: string | null) => ({
      status: 200,
      body: { data: ids.map((id) => ({ id })), meta: { nextCursor } },
    });
    server.script(page(["a", "b"], "c2"), "cut", page(["c"], null));
    const ids: string[] = [];
    for await (const { id } of client.items("listStreams", { query: { limit: 2 } })) ids.push(id);
    expect(ids).toEqual(["a", "b", "c"]);
    expect(server.requests.map(({ url }) => url)).toEqual([
      "/api/v1/streams?limit=2",
      "/api/v1/streams?limit=2&cursor=c2",
      "/api/v1/streams?limit=2&cursor=c2",
    ]);
  });
});

describe("deduct", () => {
  const state = { ...IDENTITY, status: "pending" };
  const pending = { status: 202, headers: { "retry-after": "0" }, body: state };
  /** Its wait is as long as the test says, however long the machine takes for the sending. */
  const frozen = () => new OrreryClient({ baseUrl: server.url, maxRetries: 0, clock: () => 0 });

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

  it.each([
    ["a rate limit", { ...problem(429, "rate_limited"), headers: { "retry-after": "0" } }],
    ["an expired token", problem(401, "unauthenticated")],
    ["a state that is not there yet", problem(404, "request_not_found")],
    ["an answer cut off", "cut"],
  ] as const)("knows no more than before of an accepted one after %s", async (_what, failure) => {
    const once = new OrreryClient({ baseUrl: server.url, maxRetries: 0 });
    server.script(pending, failure, { status: 200, body: CHARGED });
    expect(await once.deduct(DEDUCTION)).toMatchObject({ status: "confirmed" });
    server.script(pending, failure);
    expect(await frozen().deduct(DEDUCTION, { waitMs: 50 })).toEqual({
      status: "pending",
      requestId: "req-1",
    });
  });

  it("does not look again before it may", async () => {
    server.script(pending, { ...problem(429, "rate_limited"), headers: { "retry-after": "31" } });
    expect(await frozen().deduct(DEDUCTION, { waitMs: 300 })).toMatchObject({ status: "pending" });
    expect(server.requests).toHaveLength(2);
  });

  it("ends a look with the wait, and any wait when the caller aborts", async () => {
    server.script(pending, "stall");
    expect(await frozen().deduct(DEDUCTION, { waitMs: 100 })).toMatchObject({ status: "pending" });
    server.script(pending, "stall");
    const controller = new AbortController();
    const waiting = client.deduct(DEDUCTION, { signal: controller.signal });
    await expect.poll(() => server.requests.length).toBe(2);
    controller.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
  });

  it.each([
    [45_000, "wait=30"],
    [20_500, "wait=15"],
    [5_999, "respond-async"],
  ])("with %i ms for an attempt asks the API for %s", async (timeoutMs, prefer) => {
    server.script({ status: 201, body: CHARGED });
    await new OrreryClient({ baseUrl: server.url, timeoutMs }).deduct(DEDUCTION);
    expect(server.requests[0]?.headers["prefer"]).toBe(prefer);
  });

  it("throws what was refused at once as what is refused later", async () => {
    const { status, body } = problem(502, "deduction_rejected");
    server.script({ status, body: { ...body, contractError: 4 } });
    const error = await client.deduct(DEDUCTION).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DeductionFailedError);
    expect(error).toMatchObject({ code: "deduction_rejected", contractError: 4 });
    expect(error).toMatchObject({ requestId: "req-1", cause: { status: 502, requestId: "r-1" } });
    server.script(problem(402, "insufficient_balance"));
    await expect(client.deduct(DEDUCTION)).rejects.toThrow(OrreryError);
    const failure = { reason: "insufficient_balance" };
    server.script(pending, { status: 200, body: { ...IDENTITY, status: "failed", failure } });
    await expect(client.deduct(DEDUCTION)).rejects.toMatchObject({ code: "insufficient_balance" });
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
