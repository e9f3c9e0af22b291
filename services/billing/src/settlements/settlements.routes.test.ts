import { CHARGED, REFUSED, settleIntent } from "@orrery/common/testing/settle-intent";
import type { Outcome } from "@orrery/soroban/journal/submission-journal";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  type BillingFixture,
  CONTRACTS,
  createBillingFixture,
  DEDUCT,
} from "../../test/billing-fixture.ts";

/** Longer than what failed once waits. */
const RETRY_MS = 60_000;
const LEDGER_MS = 5_000;

let billing: BillingFixture;

const TOO_LARGE: Outcome = {
  state: "refused",
  failure: { reason: "contract_error", contractError: 7 },
};

const aggregated = {
  name: "Weather",
  payoutAddress: ACCOUNTS[0],
  settlement: "aggregated",
  settleEverySeconds: 3_600,
  settleAtUsdc: "4.5",
};

beforeEach(async () => {
  billing = await createBillingFixture({ maxPendingPerTenant: 1 });
  await billing.call("PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
  await billing.call("PUT", "/billing/apis/weather", aggregated);
  billing.onChain.set(CONTRACTS[0], 100_000_000n);
});

afterEach(() => billing.close());

const deduct = (requestId: string, changes: object = {}) =>
  billing.call("POST", "/billing/deduct", { ...DEDUCT, requestId, ...changes });
const get = (path: string, tenantId = "acme") => billing.call("GET", path, undefined, { tenantId });
const settlements = async (query = "") => (await get(`/billing/settlements${query}`)).json();

/** Three deductions reach the sum at which their settlement closes; the chain then ends it, in time. */
async function settleThree(prefix: string, outcome: Outcome) {
  for (const number of [1, 2, 3]) await deduct(`${prefix}-${number}`);
  const { data } = await settlements("?state=settling");
  const { settlementId } = data[0];
  billing.time.nowMs += LEDGER_MS;
  await settleIntent(billing.journal, settlementId, outcome, billing.time.nowMs);
  return settlementId as string;
}

describe("POST /billing/deduct for an API that settles aggregated", () => {
  it("answers 202 reserved at once, and 200 with the settlement's hash when it is confirmed", async () => {
    const first = await deduct("a-1");
    expect(first.statusCode).toBe(202);
    expect(first.headers.location).toBe("/api/v1/billing/request/a-1");
    const { usageEventId, ...answer } = first.json();
    expect(answer).toEqual({ requestId: "a-1", amountUsdc: "1.5", status: "reserved" });
    const twin = await deduct("a-1", { amountUsdc: "1.50" });
    expect([twin.statusCode, twin.json()]).toEqual([202, first.json()]);
    expect((await get("/billing/request/a-1")).json()).toMatchObject({
      usageEventId,
      status: "reserved",
      stellarTxHash: null,
      attempts: [],
    });
    await settleThree("a", CHARGED);
    const charged = { stellarTxHash: "ab".repeat(32), ledger: 12 };
    const again = await deduct("a-1");
    expect(again.statusCode).toBe(200);
    expect(again.json()).toEqual({
      usageEventId,
      requestId: "a-1",
      amountUsdc: "1.5",
      status: "confirmed",
      alreadyProcessed: true,
      ...charged,
    });
    const request = (await get("/billing/request/a-1")).json();
    expect(request).toMatchObject({ status: "confirmed", ...charged });
    expect(request.attempts).toMatchObject([{ state: "confirmed", ledger: 12 }]);
    const usage = (await get("/billing/usage?status=confirmed")).json();
    expect(usage.data).toHaveLength(3);
  });

  it("refuses with 402 what the vault does not cover, and takes the same requestId when it does", async () => {
    billing.onChain.set(CONTRACTS[0], 20_000_000n);
    expect((await deduct("b-1")).statusCode).toBe(202);
    const refused = await deduct("b-2");
    expect([refused.statusCode, refused.json().code]).toEqual([402, "insufficient_balance"]);
    expect((await get("/billing/request/b-2")).statusCode).toBe(404);
    billing.onChain.set(CONTRACTS[0], 30_000_000n);
    expect((await deduct("b-2")).statusCode).toBe(202);
    expect((await get("/billing/balance/ada")).json().pendingUsdc).toBe("3");
  });

  it("refuses a user without a vault, also once the API is known, and stores nothing", async () => {
    for (const requestId of ["v-1", "v-2"]) {
      const refused = await deduct(requestId, { userId: "bob" });
      expect([refused.statusCode, refused.json().code]).toEqual([404, "vault_not_found"]);
      expect((await get(`/billing/request/${requestId}`)).statusCode).toBe(404);
      expect((await deduct(`known-${requestId}`)).statusCode).toBe(202);
    }
  });

  it("reads a vault again in the background when the last reading is old", async () => {
    billing.onChain.set(CONTRACTS[0], 30_000_000n);
    expect((await deduct("o-1")).statusCode).toBe(202);
    billing.onChain.set(CONTRACTS[0], 45_000_000n);
    billing.time.nowMs += 30_000;
    expect((await deduct("o-2")).statusCode).toBe(202);
    // What the old reading does not cover: only the new one can, since the chain is away from now on.
    billing.onChain.clear();
    await expect.poll(async () => (await deduct("o-3")).statusCode).toBe(202);
  });

  it("leaves room in the backlog when a failed charge cannot be tried again", async () => {
    await billing.call("PUT", "/billing/apis/maps", { name: "Maps", payoutAddress: ACCOUNTS[0] });
    const single = (requestId: string) =>
      billing.call(
        "POST",
        "/billing/deduct",
        { ...DEDUCT, requestId, apiId: "maps" },
        { headers: { prefer: "respond-async" } },
      );
    billing.onChain.set(CONTRACTS[0], 15_000_000n);
    expect((await single("s-1")).statusCode).toBe(202);
    await billing.settle("s-1", REFUSED);
    await billing.backlog.refresh();
    expect((await deduct("r-1")).statusCode).toBe(202);
    const refused = await single("s-1");
    expect([refused.statusCode, refused.json().code]).toEqual([402, "insufficient_balance"]);
    billing.onChain.set(CONTRACTS[0], 100_000_000n);
    expect((await single("s-2")).statusCode).toBe(202);
  });

  it("accepts on the last reading while the chain is away, and stores nothing without one", async () => {
    await deduct("c-1");
    billing.onChain.clear();
    expect((await deduct("c-2")).statusCode).toBe(202);
    await billing.call("PUT", "/billing/vaults/bob", { contractId: CONTRACTS[1] });
    const unread = await deduct("c-3", { userId: "bob" });
    expect([unread.statusCode, unread.json().code]).toEqual([503, "soroban_unavailable"]);
    expect((await get("/billing/request/c-3")).statusCode).toBe(404);
  });

  it("refuses a requestId that was used with other fields, and who is unknown", async () => {
    await deduct("d-1");
    const answers = [
      await deduct("d-1", { amountUsdc: "2" }),
      await deduct("d-2", { userId: "bob" }),
      await deduct("d-3", { apiId: "maps" }),
    ];
    expect(answers.map((answer) => [answer.statusCode, answer.json().code])).toEqual([
      [409, "request_id_mismatch"],
      [404, "vault_not_found"],
      [404, "api_not_found"],
    ]);
  });

  it("reserves however full the backlog is, and follows the API when it settles otherwise", async () => {
    await billing.call("PUT", "/billing/apis/maps", { ...aggregated, settlement: undefined });
    const maps = { name: "Maps", payoutAddress: ACCOUNTS[0] };
    await billing.call("PUT", "/billing/apis/maps", maps);
    const headers = { prefer: "respond-async" };
    const single = (requestId: string) =>
      billing.call("POST", "/billing/deduct", { ...DEDUCT, requestId, apiId: "maps" }, { headers });
    expect((await single("e-1")).json().status).toBe("pending");
    expect((await single("e-2")).json().code).toBe("backlog_full");
    expect((await deduct("e-3")).json().status).toBe("reserved");
    await billing.settle("e-1", CHARGED);
    await billing.backlog.refresh();
    await billing.call("PUT", "/billing/apis/weather", maps);
    const switched = await billing.call(
      "POST",
      "/billing/deduct",
      { ...DEDUCT, requestId: "e-4" },
      { headers },
    );
    expect(switched.json().status).toBe("pending");
    expect((await deduct("e-3")).json().status).toBe("reserved");
    billing.backlog.stop();
  });

  it("holds a per-request deduction back from what is reserved, on a reading of its own", async () => {
    await billing.call("PUT", "/billing/apis/maps", { name: "Maps", payoutAddress: ACCOUNTS[0] });
    billing.onChain.set(CONTRACTS[0], 20_000_000n);
    expect((await deduct("k-1")).json().status).toBe("reserved");
    const single = (requestId: string) =>
      billing.call(
        "POST",
        "/billing/deduct",
        { ...DEDUCT, requestId, apiId: "maps" },
        { headers: { prefer: "respond-async" } },
      );
    const refused = await single("k-2");
    expect([refused.statusCode, refused.json().code]).toEqual([402, "insufficient_balance"]);
    expect((await get("/billing/request/k-2")).statusCode).toBe(404);
    billing.onChain.clear();
    const unsure = await single("k-2");
    expect([unsure.statusCode, unsure.json().code]).toEqual([503, "soroban_unavailable"]);
    billing.onChain.set(CONTRACTS[0], 30_000_000n);
    // The backlog has room for one: those that were refused took none of it.
    expect((await single("k-2")).json().status).toBe("pending");
  });

  it("answers a bulk call with what each entry alone would have been answered", async () => {
    billing.onChain.set(CONTRACTS[0], 20_000_000n);
    const entries = ["f-1", "f-1", "f-2"].map((requestId) => ({ ...DEDUCT, requestId }));
    const { results } = (await billing.call("POST", "/billing/deduct/bulk", { entries })).json();
    expect(results).toMatchObject([
      { requestId: "f-1", status: "reserved", httpStatus: 202 },
      { requestId: "f-1", status: "reserved", httpStatus: 202 },
      { requestId: "f-2", code: "insufficient_balance", httpStatus: 402 },
    ]);
  });
});

describe("GET /billing/settlements", () => {
  it("tells count, sum and end of each, newest first, and lists its usage", async () => {
    const settlementId = await settleThree("g", CHARGED);
    await deduct("g-4");
    const { data, meta } = await settlements();
    expect(meta).toEqual({ limit: 20, hasNext: false, nextCursor: null, total: 2 });
    expect(data).toMatchObject([
      { state: "open", count: 1, amountUsdc: "1.5", stellarTxHash: null, ledger: null },
      {
        settlementId,
        state: "confirmed",
        apiId: "weather",
        payoutAddress: ACCOUNTS[0],
        contractId: CONTRACTS[0],
        count: 3,
        amountUsdc: "4.5",
        stellarTxHash: "ab".repeat(32),
        ledger: 12,
        failureCount: 0,
      },
    ]);
    expect((await get(`/billing/settlements/${settlementId}`)).json()).toEqual(data[1]);
    const usage = (await get(`/billing/usage?settlementId=${settlementId}`)).json();
    const requestIds = usage.data.map(({ requestId }: { requestId: string }) => requestId);
    expect(requestIds.toSorted()).toEqual(["g-1", "g-2", "g-3"]);
    expect(usage.data[0]).toMatchObject({ settlementId, status: "confirmed" });
  });

  it("shows why a settlement failed and when it is tried again", async () => {
    const settlementId = await settleThree("h", REFUSED);
    const settlement = (await get(`/billing/settlements/${settlementId}`)).json();
    expect(settlement).toMatchObject({
      state: "failed",
      failure: { reason: "insufficient_balance", contractError: 5 },
      failureCount: 1,
      retryAt: expect.any(String),
    });
    expect((await get("/billing/request/h-1")).json().status).toBe("reserved");
  });

  it("shows the halves of one that the vault does not take at once", async () => {
    const settlementId = await settleThree("l", TOO_LARGE);
    billing.time.nowMs += RETRY_MS;
    expect(await billing.settlements.retryDue(10)).toBe(1);
    const whole = (await get(`/billing/settlements/${settlementId}`)).json();
    expect(whole).toMatchObject({ state: "split", count: 3, amountUsdc: "4.5" });
    const { data } = await settlements("?state=settling");
    expect(data.map(({ splitFrom }: { splitFrom: string }) => splitFrom)).toEqual([
      settlementId,
      settlementId,
    ]);
    const usage = (await get(`/billing/usage?settlementId=${data[0].settlementId}`)).json();
    expect(usage.data).toHaveLength(data[0].count);
  });

  it("fails a deduction that the vault does not take, and reserves it again when asked", async () => {
    await deduct("m-1", { amountUsdc: "5" });
    const { data } = await settlements("?state=settling");
    await settleIntent(billing.journal, data[0].settlementId, TOO_LARGE, billing.time.nowMs);
    const failure = { reason: "contract_error", contractError: 7 };
    const rejected = (await get(`/billing/settlements/${data[0].settlementId}`)).json();
    expect(rejected).toMatchObject({ state: "rejected", failure });
    expect((await get("/billing/request/m-1")).json()).toMatchObject({ status: "failed", failure });
    const again = await deduct("m-1", { amountUsdc: "5" });
    expect([again.statusCode, again.json().status]).toEqual([202, "reserved"]);
    billing.time.nowMs += RETRY_MS;
    await settleIntent(billing.journal, data[0].settlementId, CHARGED, billing.time.nowMs);
    expect((await deduct("m-1", { amountUsdc: "5" })).statusCode).toBe(200);
  });

  it("walks pages by cursors, and filters by API and state", async () => {
    await settleThree("i", CHARGED);
    await deduct("i-4");
    const first = await settlements("?limit=1");
    const cursor = encodeURIComponent(first.meta.nextCursor);
    const second = await settlements(`?limit=1&cursor=${cursor}`);
    expect(second.meta).toMatchObject({ hasNext: false, nextCursor: null, total: 2 });
    expect(second.data[0].settlementId).not.toBe(first.data[0].settlementId);
    expect((await settlements("?state=open")).meta.total).toBe(1);
    expect((await settlements("?apiId=maps")).meta.total).toBe(0);
  });

  it("shows no tenant another's", async () => {
    const settlementId = await settleThree("j", CHARGED);
    const other = await get(`/billing/settlements/${settlementId}`, "globex");
    expect([other.statusCode, other.json().code]).toEqual([404, "settlement_not_found"]);
    expect((await get("/billing/settlements", "globex")).json().meta.total).toBe(0);
    expect(
      (await get(`/billing/usage?settlementId=${settlementId}`, "globex")).json().data,
    ).toEqual([]);
  });

  it.each([
    ["?state=closed", 400, "invalid_request"],
    ["?limit=0", 400, "invalid_request"],
    ["?userId=ada", 400, "invalid_request"],
    ["?cursor=bm9uZQ==", 422, "invalid_cursor"],
    ["/none", 404, "settlement_not_found"],
    ["/01890a5d-ac96-774b-bcce-b302099a8057", 404, "settlement_not_found"],
  ])("refuses %s with %i", async (path, status, code) => {
    const response = await get(`/billing/settlements${path}`);
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
  });
});

describe("PUT /billing/apis/{apiId} with a settlement", () => {
  it("tells how the API settles, every minute unless said otherwise", async () => {
    expect((await get("/billing/apis/weather")).json()).toMatchObject(aggregated);
    const { settleEverySeconds: _every, settleAtUsdc: _at, ...plain } = aggregated;
    const put = await billing.call("PUT", "/billing/apis/weather", plain);
    expect(put.json()).toMatchObject({ settlement: "aggregated", settleEverySeconds: 60 });
    expect(put.json()).not.toHaveProperty("settleAtUsdc");
    const single = await billing.call("PUT", "/billing/apis/weather", {
      ...plain,
      settlement: "per_request",
    });
    expect(single.json()).not.toHaveProperty("settleEverySeconds");
  });

  it.each([
    ["0 seconds", { settleEverySeconds: 0 }, "#/settleEverySeconds"],
    ["more than a day", { settleEverySeconds: 86_401 }, "#/settleEverySeconds"],
    ["0 USDC", { settleAtUsdc: "0" }, "#/settleAtUsdc"],
    ["8 decimals", { settleAtUsdc: "0.00000001" }, "#/settleAtUsdc"],
    ["too many USDC", { settleAtUsdc: "922337203685.4775808" }, "#/settleAtUsdc"],
    ["an interval per request", { settlement: "per_request" }, "#/settleEverySeconds"],
    [
      "a sum per request",
      { settlement: "per_request", settleEverySeconds: undefined },
      "#/settleAtUsdc",
    ],
  ])("refuses %s", async (_what, changes, pointer) => {
    const body = { ...aggregated, ...changes };
    const response = await billing.call("PUT", "/billing/apis/weather", body);
    expect([response.statusCode, response.json().code]).toEqual([400, "invalid_request"]);
    expect(response.json().errors[0].pointer).toBe(pointer);
  });
});
