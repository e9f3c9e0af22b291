import { CHARGED, REFUSED } from "@orrery/common/testing/settle-intent";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  type BillingFixture,
  CONTRACTS,
  createBillingFixture,
  DEDUCT,
} from "../../test/billing-fixture.ts";

let billing: BillingFixture;

beforeEach(async () => {
  billing = await createBillingFixture();
  for (const tenantId of ["acme", "globex"]) {
    await billing.call("PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] }, { tenantId });
    const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
    await billing.call("PUT", "/billing/apis/weather", api, { tenantId });
  }
});

afterEach(() => billing.close());

const deduct = (changes: object = {}, prefer = "respond-async", tenantId = "acme") =>
  billing.call(
    "POST",
    "/billing/deduct",
    { ...DEDUCT, ...changes },
    { tenantId, headers: { prefer } },
  );

async function stored(requestId = "req-1", tenantId = "acme") {
  return billing.events.find(tenantId, requestId);
}

describe("POST /billing/deduct", () => {
  it("answers 202 at once when asked to, with where to look", async () => {
    const response = await deduct();
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({
      requestId: "req-1",
      status: "pending",
      amountUsdc: "1.5",
    });
    expect(response.headers).toMatchObject({
      location: "/api/v1/billing/request/req-1",
      "retry-after": "1",
      "preference-applied": "respond-async",
    });
    expect(billing.wakes()).toBe(1);
  });

  it("answers 201 with hash and ledger when the chain answers within the wait", async () => {
    const answer = deduct({}, "wait=20");
    await expect.poll(() => stored()).toBeDefined();
    await billing.settle("req-1", CHARGED);
    const response = await answer;
    expect(response.statusCode).toBe(201);
    expect(response.json()).toMatchObject({
      requestId: "req-1",
      status: "confirmed",
      stellarTxHash: "ab".repeat(32),
      ledger: 12,
      amountUsdc: "1.5",
      alreadyProcessed: false,
    });
  });

  it("answers 200 with the same ids for what was charged before, however the amount is written", async () => {
    const { usageEventId } = (await deduct()).json();
    await billing.settle("req-1", CHARGED);
    const again = await deduct({ amountUsdc: "1.5000" }, "wait=20");
    expect(again.statusCode).toBe(200);
    expect(again.json()).toMatchObject({ usageEventId, alreadyProcessed: true, amountUsdc: "1.5" });
  });

  it("counts what was sent before, and what was while the first was still being charged", async () => {
    await deduct();
    await deduct();
    await billing.settle("req-1", CHARGED);
    await deduct();
    const { body } = await billing.app.inject("/metrics");
    expect(
      body.match(/^billing_(duplicate_requests|request_races)_total .*$/gm)?.toSorted(),
    ).toEqual(["billing_duplicate_requests_total 2", "billing_request_races_total 1"]);
  });

  it("makes one charge of twenty that race, and one of them is told 201", async () => {
    const answers = Array.from({ length: 20 }, () => deduct({}, "wait=20"));
    await expect.poll(() => stored()).toBeDefined();
    await billing.settle("req-1", CHARGED);
    const codes = (await Promise.all(answers)).map(({ statusCode }) => statusCode);
    expect(codes.filter((code) => code === 201)).toHaveLength(1);
    expect(codes.filter((code) => code === 200)).toHaveLength(19);
    expect(billing.wakes()).toBe(1);
  });

  it("answers 202 when the wait is over before the chain has answered", async () => {
    expect((await deduct({}, "wait=0")).statusCode).toBe(202);
    expect((await deduct({}, "handling=lenient, wait=0")).headers["preference-applied"]).toBe(
      "wait=0",
    );
  });

  it("lets those who wait go with 202 when the service drains", async () => {
    const answer = deduct({}, "wait=20");
    await expect.poll(() => stored()).toBeDefined();
    billing.waiter.close();
    expect((await answer).statusCode).toBe(202);
  });

  it.each(["userId", "apiId", "endpointId", "apiKeyId"])(
    "answers 409 when a requestId comes again with another %s",
    async (field) => {
      await deduct();
      const response = await deduct({ [field]: "another" });
      expect(response.statusCode).toBe(409);
      expect(response.json().code).toBe("request_id_mismatch");
    },
  );

  it("answers 409 when a requestId comes again with another amount", async () => {
    await deduct();
    expect((await deduct({ amountUsdc: "1.6" })).json().code).toBe("request_id_mismatch");
  });

  it("answers 402 when the vault cannot pay, and charges the same requestId when it can", async () => {
    const first = deduct({}, "wait=20");
    await expect.poll(() => stored()).toBeDefined();
    await billing.settle("req-1", REFUSED);
    const refused = await first;
    expect(refused.statusCode).toBe(402);
    expect(refused.json().code).toBe("insufficient_balance");

    const second = deduct({}, "wait=20");
    await expect.poll(async () => (await stored())?.status).toBe("pending");
    await billing.settle("req-1", CHARGED);
    expect((await second).statusCode).toBe(201);
    const { attempts } = (await billing.call("GET", "/billing/request/req-1")).json();
    expect(attempts.map(({ state }: { state: string }) => state)).toEqual(["refused", "confirmed"]);
  });

  it("answers 502 with the contract's error number when it refuses", async () => {
    const answer = deduct({}, "wait=20");
    await expect.poll(() => stored()).toBeDefined();
    const failure = { reason: "contract_error", contractError: 4, detail: "secret" } as const;
    await billing.settle("req-1", { state: "failed", failure });
    const response = await answer;
    expect(response.statusCode).toBe(502);
    expect(response.json()).toMatchObject({ code: "deduction_rejected", contractError: 4 });
    expect(response.body).not.toContain("secret");
  });

  it("stores nothing for a user without a vault or an API that is not registered", async () => {
    const noVault = await deduct({ userId: "bob" });
    expect([noVault.statusCode, noVault.json().code]).toEqual([404, "vault_not_found"]);
    const noApi = await deduct({ apiId: "maps" });
    expect([noApi.statusCode, noApi.json().code]).toEqual([404, "api_not_found"]);
    expect(await stored()).toBeUndefined();
    expect(billing.wakes()).toBe(0);
  });

  it.each([
    ["amountUsdc", "0"],
    ["amountUsdc", "0.0000000"],
    ["amountUsdc", "-1"],
    ["amountUsdc", "1.12345678"],
    ["amountUsdc", "922337203685.4775808"],
    ["amountUsdc", 1.5],
    ["requestId", ""],
    ["requestId", "with space"],
    ["requestId", "ünïcode"],
    ["requestId", "x".repeat(256)],
    ["userId", null],
    ["apiId", undefined],
    ["endpointId", {}],
    ["apiKeyId", ["a"]],
    ["tenantId", "globex"],
  ])("refuses %s = %j, pointing at it, and stores nothing", async (field, value) => {
    const response = await deduct({ [field]: value });
    expect(response.statusCode).toBe(400);
    const problem = response.json();
    expect(problem).toMatchObject({ code: "invalid_request", requestId: expect.any(String) });
    expect(problem.errors.map(({ pointer }: { pointer: string }) => pointer)).toContain(
      `#/${field}`,
    );
    expect(await stored()).toBeUndefined();
  });

  it("takes the largest amount and the longest id that the contract allows", async () => {
    const requestId = "~".repeat(255);
    const response = await deduct({ requestId, amountUsdc: "922337203685.4775807" });
    expect(response.statusCode).toBe(202);
    const path = `/billing/request/${encodeURIComponent(requestId)}`;
    expect((await billing.call("GET", path)).json().amountUsdc).toBe("922337203685.4775807");
  });

  it("keeps the same requestId of two tenants apart", async () => {
    const first = (await deduct()).json();
    const second = (await deduct({}, "respond-async", "globex")).json();
    expect(second.usageEventId).not.toBe(first.usageEventId);
  });
});

describe("GET /billing/request/{requestId}", () => {
  it("tells state and history", async () => {
    await deduct({ requestId: "a/b%c?d" });
    const path = `/billing/request/${encodeURIComponent("a/b%c?d")}`;
    expect((await billing.call("GET", path)).json()).toMatchObject({
      requestId: "a/b%c?d",
      status: "pending",
      stellarTxHash: null,
      attempts: [],
    });
    await billing.settle("a/b%c?d", CHARGED);
    expect((await billing.call("GET", path)).json()).toMatchObject({
      status: "confirmed",
      stellarTxHash: "ab".repeat(32),
      ledger: 12,
    });
  });

  it("is 404 for another tenant's request", async () => {
    await deduct();
    const response = await billing.call("GET", "/billing/request/req-1", undefined, {
      tenantId: "globex",
    });
    expect([response.statusCode, response.json().code]).toEqual([404, "request_not_found"]);
  });
});

describe("every billing route", () => {
  it("wants a context that the gateway signed for billing", async () => {
    const response = await billing.app.inject({ url: "/api/v1/billing/request/req-1" });
    expect(response.statusCode).toBe(401);
    expect(response.headers["www-authenticate"]).toBeDefined();
  });

  it("wants the scope of its operation", async () => {
    const response = await billing.call("POST", "/billing/deduct", DEDUCT, {
      scopes: ["billing:read"],
    });
    expect([response.statusCode, response.json().code]).toEqual([403, "insufficient_scope"]);
    expect(await stored()).toBeUndefined();
  });
});
