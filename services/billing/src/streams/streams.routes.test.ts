import { REFUSED } from "@orrery/common/testing/settle-intent";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  type BillingFixture,
  CONTRACTS,
  createBillingFixture,
  DEDUCT,
} from "../../test/billing-fixture.ts";
import { PAID_IN, STREAM, StreamCalls } from "../../test/stream-calls.ts";

let billing: BillingFixture;
let streams: StreamCalls;

beforeEach(async () => {
  billing = await createBillingFixture({ maxPendingPerTenant: 2 });
  streams = new StreamCalls(billing);
});

afterEach(() => billing.close());

const get = (path: string, tenantId = "acme") => billing.call("GET", path, undefined, { tenantId });

describe("POST /streams", () => {
  it("creates a draft, and says where it is", async () => {
    const answer = await billing.call("POST", "/streams", STREAM);
    expect(answer.statusCode).toBe(201);
    const { id, ...draft } = answer.json();
    const at = new Date(billing.time.nowMs).toISOString();
    expect(draft).toEqual({
      ...STREAM,
      token: "USDC",
      accruedUsdc: "0",
      settledUsdc: "0",
      status: "draft",
      nextAction: "start",
      createdAt: at,
      updatedAt: at,
    });
    expect(answer.headers.location).toBe(`/api/v1/streams/${id}`);
    expect((await get(`/streams/${id}`)).json()).toEqual({ id, ...draft });
  });

  it("takes an id of the consumer's, once in each tenant", async () => {
    const given = { ...STREAM, id: "stream/ada?1", token: "USDC" };
    const created = await billing.call("POST", "/streams", given);
    expect([created.statusCode, created.json().id]).toEqual([201, "stream/ada?1"]);
    expect(created.headers.location).toBe("/api/v1/streams/stream%2Fada%3F1");
    expect((await get("/streams/stream%2Fada%3F1")).json()).toEqual(created.json());
    const taken = await billing.call("POST", "/streams", given);
    expect([taken.statusCode, taken.json().code]).toEqual([409, "stream_exists"]);
    const elsewhere = await billing.call("POST", "/streams", given, { tenantId: "globex" });
    expect(elsewhere.statusCode).toBe(201);
  });

  it.each([
    ["no sender", { senderUserId: undefined }, "#/senderUserId"],
    ["a sender that no id may be", { senderUserId: "a b" }, "#/senderUserId"],
    ["no recipient", { recipient: undefined }, "#/recipient"],
    ["a secret key as recipient", { recipient: `S${"A".repeat(55)}` }, "#/recipient"],
    [
      "a recipient whose checksum is wrong",
      { recipient: `${ACCOUNTS[1].slice(0, -1)}A` },
      "#/recipient",
    ],
    ["another token", { token: "XLM" }, "#/token"],
    ["a rate of 0", { ratePerSecondStroops: "0" }, "#/ratePerSecondStroops"],
    ["a fraction of a stroop", { ratePerSecondStroops: "1.5" }, "#/ratePerSecondStroops"],
    ["a rate that is a number", { ratePerSecondStroops: 10 }, "#/ratePerSecondStroops"],
    ["a rate past 2^63−1", { ratePerSecondStroops: `${2n ** 63n}` }, "#/ratePerSecondStroops"],
    ["a total of 0", { totalAmountUsdc: "0.0000000" }, "#/totalAmountUsdc"],
    ["a total with eight decimals", { totalAmountUsdc: "0.00000001" }, "#/totalAmountUsdc"],
    ["a total past 2^63−1", { totalAmountUsdc: "922337203685.4775808" }, "#/totalAmountUsdc"],
    ["an id with a space", { id: "a b" }, "#/id"],
    ["an unknown field", { memo: "rent" }, "#/memo"],
  ])("refuses %s and stores nothing", async (_what, changes, pointer) => {
    const answer = await billing.call("POST", "/streams", { ...STREAM, ...changes });
    expect([answer.statusCode, answer.json().code]).toEqual([400, "invalid_request"]);
    expect(answer.json().errors[0].pointer).toBe(pointer);
    expect((await get("/streams")).json().meta.total).toBe(0);
  });

  it("wants the scope to write", async () => {
    const refused = await billing.call("POST", "/streams", STREAM, { scopes: ["billing:read"] });
    expect([refused.statusCode, refused.json().code]).toEqual([403, "insufficient_scope"]);
  });
});

describe("GET /streams", () => {
  it("walks the streams of a tenant, oldest first, and of a status", async () => {
    for (const id of ["b", "a", "C", "ab"]) {
      await streams.create({ id });
      if (id !== "b") billing.time.nowMs += 1;
    }
    await billing.call("POST", "/streams", STREAM, { tenantId: "globex" });
    await streams.act("C", "start");
    const seen: string[] = [];
    let cursor = "";
    for (;;) {
      const { data, meta } = (await get(`/streams?limit=2${cursor}`)).json();
      expect([meta.limit, meta.total]).toEqual([2, 4]);
      seen.push(...data.map(({ id }: { id: string }) => id));
      expect(meta.hasNext).toBe(meta.nextCursor !== null);
      if (!meta.hasNext) break;
      cursor = `&cursor=${encodeURIComponent(meta.nextCursor)}`;
    }
    expect(seen).toEqual(["a", "b", "C", "ab"]);
    const active = (await get("/streams?status=active")).json();
    expect([active.data.map(({ id }: { id: string }) => id), active.meta.total]).toEqual([
      ["C"],
      1,
    ]);
  });

  it.each(["MQ==", "c3RyZWFtLWFkYQ==", "x"])("refuses the cursor %s", async (cursor) => {
    const answer = await get(`/streams?cursor=${encodeURIComponent(cursor)}`);
    expect([answer.statusCode, answer.json().code]).toEqual([422, "invalid_cursor"]);
  });

  it.each(["status=gone", "limit=0", "limit=101", "sender=ada"])("refuses ?%s", async (query) => {
    expect((await get(`/streams?${query}`)).statusCode).toBe(400);
  });

  it("shows no tenant the stream of another, nor lets it act on it", async () => {
    const id = await streams.create();
    const answers = [
      await get(`/streams/${id}`, "globex"),
      await get(`/streams/${id}/activity`, "globex"),
      await billing.call("POST", `/streams/${id}/start`, undefined, { tenantId: "globex" }),
    ];
    for (const answer of answers) {
      expect([answer.statusCode, answer.json().code]).toEqual([404, "stream_not_found"]);
    }
    expect((await streams.get(id)).status).toBe("draft");
  });
});

describe("accrual of a stream", () => {
  beforeEach(() => streams.giveAdaAVault());

  it("counts active time alone, and never more than the total", async () => {
    const id = await streams.create();
    const accrued = async () => (await streams.get(id)).accruedUsdc;
    const wait = (ms: number) => {
      billing.time.nowMs += ms;
    };
    wait(5_000);
    await streams.act(id, "start");
    wait(1_050);
    expect(await accrued()).toBe("0.000001");
    wait(50);
    expect(await accrued()).toBe("0.0000011");
    await streams.act(id, "pause");
    wait(86_400_000);
    expect(await accrued()).toBe("0.0000011");
    await streams.act(id, "start");
    wait(900);
    expect(await accrued()).toBe("0.000002");
    wait(1_000_000);
    expect(await accrued()).toBe("0.0001");
    const { startedAt, createdAt, pausedAt } = await streams.get(id);
    expect(Date.parse(startedAt) - Date.parse(createdAt)).toBe(5_000);
    expect(pausedAt).toBeUndefined();
    const paid = await streams.actAndPay(id, "settle");
    expect(paid.json()).toMatchObject({ accruedUsdc: "0.0001", settledUsdc: "0.0001" });
  });

  it("is frozen while it is being paid, and went on if it was not", async () => {
    const id = await streams.createActive();
    const frozenAt = new Date(billing.time.nowMs).toISOString();
    const asked = await streams.actAsync(id, "settle");
    expect(asked.statusCode).toBe(202);
    expect(asked.headers).toMatchObject({
      location: `/api/v1/streams/${id}`,
      "retry-after": "1",
      "preference-applied": "respond-async",
    });
    billing.time.nowMs += 3_000;
    expect(await streams.get(id)).toMatchObject({
      status: "active",
      accruedUsdc: "0.000002",
      settledUsdc: "0",
      pendingSettlement: { action: "settle", amountUsdc: "0.000002", requestedAt: frozenAt },
    });
    await billing.settleStream(id, REFUSED);
    expect(await streams.get(id)).toMatchObject({ status: "active", accruedUsdc: "0.000005" });
    expect((await streams.get(id)).pendingSettlement).toBeUndefined();
    const paid = await streams.actAndPay(id, "settle");
    expect(paid.json()).toMatchObject({ settledUsdc: "0.000005", status: "ended" });
  });
});

describe("the payment of a stream", () => {
  beforeEach(() => streams.giveAdaAVault());

  it("goes from the sender's vault to the recipient, once for all who ask for it", async () => {
    const id = await streams.createActive();
    const first = await streams.actAsync(id, "settle");
    const intentId = (await billing.streams.find("acme", id))?.stream.settlement?.intentId ?? "";
    expect(await billing.journal.findIntent("acme", intentId)).toMatchObject({
      state: "received",
      intent: {
        kind: "stream",
        subjectId: `${id}/1`,
        vaultContractId: CONTRACTS[0],
        payee: STREAM.recipient,
        amountStroops: 20n,
      },
    });
    expect(first.json().pendingSettlement.amountUsdc).toBe("0.000002");
    billing.time.nowMs += 1_000;
    const waiting = Promise.all([streams.act(id, "settle"), streams.act(id, "settle")]);
    await billing.settleStream(id, { state: "confirmed", confirmation: CONFIRMATION });
    for (const answer of await waiting) {
      expect([answer.statusCode, answer.json().settledUsdc]).toEqual([200, "0.000002"]);
      expect(answer.json().settlementTxHash).toBe(PAID_IN.hash);
    }
    expect((await streams.act(id, "settle")).json().settledUsdc).toBe("0.000002");
  });

  it("takes another number each time that it is tried again", async () => {
    const id = await streams.createActive();
    await streams.actAndPay(id, "settle", REFUSED);
    await streams.actAsync(id, "settle");
    const { settlement } = (await billing.streams.find("acme", id))?.stream ?? {};
    const record = await billing.journal.findIntent("acme", settlement?.intentId ?? "");
    expect(record?.intent.subjectId).toBe(`${id}/2`);
  });

  it("is as of the freeze: when it ended, and how much", async () => {
    const id = await streams.createActive();
    const frozenAt = new Date(billing.time.nowMs).toISOString();
    await streams.actAsync(id, "cancel");
    billing.time.nowMs += 9_000;
    await billing.settleStream(id, { state: "confirmed", confirmation: CONFIRMATION });
    expect(await streams.get(id)).toMatchObject({
      status: "cancelled",
      endedAt: frozenAt,
      accruedUsdc: "0.000002",
      settledUsdc: "0.000002",
    });
  });

  it.each([
    ["contract_error", { reason: "contract_error", contractError: 4 }, 4],
    ["no answer in time", { reason: "expired" }, undefined],
  ] as const)("is 502 when the chain refuses it: %s", async (_what, failure, contractError) => {
    const id = await streams.createActive();
    const before = await streams.get(id);
    const answer = await streams.actAndPay(id, "stop", { state: "failed", failure });
    expect([answer.statusCode, answer.json().code]).toEqual([502, "deduction_rejected"]);
    expect(answer.json().contractError).toBe(contractError);
    expect(await streams.get(id)).toEqual(before);
  });

  it("wants a vault, and changes nothing without one", async () => {
    const id = await streams.createActive({ senderUserId: "bob" });
    const before = await streams.get(id);
    const answer = await streams.act(id, "settle");
    expect([answer.statusCode, answer.json().code]).toEqual([404, "vault_not_found"]);
    expect(await streams.get(id)).toEqual(before);
    expect(billing.wakes()).toBe(0);
  });

  it("joins no backlog that is full, and changes nothing then", async () => {
    const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
    await billing.call("PUT", "/billing/apis/weather", api);
    const id = await streams.createActive();
    const headers = { prefer: "respond-async" };
    for (const requestId of ["one", "two"]) {
      await billing.call("POST", "/billing/deduct", { ...DEDUCT, requestId }, { headers });
    }
    const before = await streams.get(id);
    const answer = await streams.actAsync(id, "settle");
    expect([answer.statusCode, answer.json().code]).toEqual([503, "backlog_full"]);
    expect(await streams.get(id)).toEqual(before);
  });

  it("counts as pending against the vault until it is over", async () => {
    billing.onChain.set(CONTRACTS[0], 1_000n);
    const id = await streams.createActive();
    const pending = async () => (await get("/billing/balance/ada")).json().pendingUsdc;
    expect(await pending()).toBe("0");
    await streams.actAsync(id, "stop");
    expect(await pending()).toBe("0.000002");
    await billing.settleStream(id, { state: "confirmed", confirmation: CONFIRMATION });
    expect(await pending()).toBe("0");
  });

  it("stays under way when nobody can tell how it ended", async () => {
    const id = await streams.createActive();
    await streams.actAsync(id, "stop");
    await billing.settleStream(id, { state: "unknown", failure: { reason: "undecided" } });
    const again = await streams.actAsync(id, "stop");
    expect(again.statusCode).toBe(202);
    expect((await streams.act(id, "pause")).json().code).toBe("settlement_in_progress");
  });
});

describe("Idempotency-Key on streams", () => {
  beforeEach(() => streams.giveAdaAVault());

  it.each(["settle", "withdraw"] as const)("is required to %s", async (action) => {
    const id = await streams.createActive();
    const before = await streams.get(id);
    const answer = await billing.call("POST", `/streams/${id}/${action}`);
    expect([answer.statusCode, answer.json().code]).toEqual([400, "idempotency_key_required"]);
    expect(await streams.get(id)).toEqual(before);
  });

  it("creates one stream however often the request is sent", async () => {
    const headers = { "idempotency-key": "once" };
    const create = (changes = {}) =>
      billing.call("POST", "/streams", { ...STREAM, ...changes }, { headers });
    const answers = await Promise.all([create(), create(), create()]);
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([201]));
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
    expect((await get("/streams")).json().meta.total).toBe(1);
    const other = await create({ senderUserId: "bob" });
    expect([other.statusCode, other.json().code]).toEqual([422, "idempotency_key_reused"]);
  });

  it("gives the settlement's first answer again, and not one of a payment under way", async () => {
    const id = await streams.createActive();
    const key = { "idempotency-key": "settle-1" };
    const asked = await streams.act(id, "settle", { ...key, prefer: "respond-async" });
    expect([asked.statusCode, asked.json().status]).toEqual([202, "active"]);
    await billing.settleStream(id, { state: "confirmed", confirmation: CONFIRMATION });
    const done = await streams.act(id, "settle", key);
    expect([done.statusCode, done.json().status]).toEqual([200, "ended"]);
    streams.confirmations(3);
    await streams.act(id, "withdraw");
    const again = await streams.act(id, "settle", key);
    expect([again.statusCode, again.json()]).toEqual([200, done.json()]);
    expect(again.headers["idempotent-replayed"]).toBe("true");
  });
});

describe("the actions of a stream", () => {
  it("take no body, an empty one, or one that is announced and does not come", async () => {
    const id = await streams.create();
    const headers = { "content-type": "application/json" };
    const ask = (payload: unknown, more = {}) =>
      billing.call("POST", `/streams/${id}/start`, payload, { headers: more });
    expect((await ask(undefined)).statusCode).toBe(200);
    expect((await ask({})).statusCode).toBe(200);
    expect((await ask(undefined, headers)).statusCode).toBe(200);
    const unknown = await ask({ at: "noon" });
    expect([unknown.statusCode, unknown.json().errors[0].pointer]).toEqual([400, "#/at"]);
    const broken = await ask("{", headers);
    expect([broken.statusCode, broken.json().code]).toEqual([400, "malformed_json"]);
  });

  it("are 404 for a stream that is not there", async () => {
    for (const action of ["start", "pause", "stop", "settle", "withdraw", "cancel"] as const) {
      const answer = await streams.act("none", action);
      expect([answer.statusCode, answer.json().code]).toEqual([404, "stream_not_found"]);
    }
  });

  it("give turns to twenty callers at once, and each move is made once", async () => {
    const id = await streams.create();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => streams.act(id, index % 2 ? "pause" : "start")),
    );
    expect(answers.every(({ statusCode }) => statusCode === 200)).toBe(true);
    expect(await streams.activity(id)).toHaveLength(20);
  });
});

const CONFIRMATION = {
  txHash: PAID_IN.hash,
  ledger: PAID_IN.ledger,
  evidence: "transaction",
} as const;
