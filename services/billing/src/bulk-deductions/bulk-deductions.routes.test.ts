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
  billing = await createBillingFixture({ maxPendingPerTenant: 150 });
  await billing.call("PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
  const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
  await billing.call("PUT", "/billing/apis/weather", api);
});

afterEach(() => billing.close());

const entry = (requestId: string, changes: object = {}) => ({ ...DEDUCT, requestId, ...changes });
const send = (entries: readonly unknown[], prefer = "respond-async") =>
  billing.call("POST", "/billing/deduct/bulk", { entries }, { headers: { prefer } });

async function resultsOf(entries: readonly unknown[], prefer?: string) {
  const response = await send(entries, prefer);
  expect(response.statusCode).toBe(200);
  return response.json().results;
}

describe("POST /billing/deduct/bulk", () => {
  it("answers each of a hundred entries in order, all of them durable", async () => {
    const entries = Array.from({ length: 100 }, (_, index) => entry(`req-${index}`));
    const response = await send(entries);
    expect(response.headers["preference-applied"]).toBe("respond-async");
    const { results } = response.json();
    expect(results).toHaveLength(100);
    for (const [index, result] of results.entries()) {
      const { id } = (await billing.events.find("acme", `req-${index}`)) ?? {};
      expect(result).toEqual({
        requestId: `req-${index}`,
        status: "pending",
        httpStatus: 202,
        usageEventId: id,
        amountUsdc: "1.5",
      });
    }
  });

  it("tells of each entry what became of it alone", async () => {
    await billing.call("POST", "/billing/deduct", entry("before"), {
      headers: { prefer: "respond-async" },
    });
    await billing.settle("before", CHARGED);
    const answer = resultsOf(
      [entry("before"), entry("now"), entry("broke"), entry("before", { userId: "eve" })],
      "wait=20",
    );
    await expect.poll(() => billing.events.find("acme", "broke")).toBeDefined();
    await billing.settle("now", CHARGED);
    await billing.settle("broke", REFUSED);
    const charged = { stellarTxHash: "ab".repeat(32), ledger: 12, amountUsdc: "1.5" };
    expect(await answer).toMatchObject([
      { status: "confirmed", httpStatus: 200, alreadyProcessed: true, ...charged },
      { status: "confirmed", httpStatus: 201, alreadyProcessed: false, ...charged },
      {
        requestId: "broke",
        status: "failed",
        httpStatus: 402,
        code: "insufficient_balance",
        problem: { code: "insufficient_balance", status: 402 },
      },
      {
        requestId: "before",
        status: "rejected",
        httpStatus: 409,
        code: "request_id_mismatch",
        problem: { instance: "/api/v1/billing/deduct/bulk" },
      },
    ]);
  });

  it("charges equal entries once: the first is accepted, the others are its duplicates", async () => {
    const answer = resultsOf([entry("twin"), entry("twin"), entry("twin")], "wait=20");
    await expect.poll(() => billing.events.find("acme", "twin")).toBeDefined();
    await billing.settle("twin", CHARGED);
    const results: { httpStatus: number; usageEventId: string }[] = await answer;
    expect(results.map(({ httpStatus }) => httpStatus)).toEqual([201, 200, 200]);
    expect(new Set(results.map(({ usageEventId }) => usageEventId)).size).toBe(1);
    expect(billing.wakes()).toBe(1);
  });

  it.each([
    ["an amount of 0", entry("bad", { amountUsdc: "0" }), "#/entries/1/amountUsdc", "bad"],
    ["too large an amount", entry("bad", { amountUsdc: "1e9" }), "#/entries/1/amountUsdc", "bad"],
    ["a missing field", { ...entry("bad"), userId: undefined }, "#/entries/1/userId", "bad"],
    ["an unknown field", entry("bad", { tenantId: "globex" }), "#/entries/1/tenantId", "bad"],
    ["a malformed requestId", entry("not one"), "#/entries/1/requestId", null],
    ["no object", "deduct", "#/entries/1", null],
    ["null", null, "#/entries/1", null],
  ])(
    "refuses %s with a pointer to it, and accepts its neighbours",
    async (_what, bad, pointer, id) => {
      const results = await resultsOf([entry("first"), bad, entry("last")]);
      expect(results.map(({ httpStatus }: { httpStatus: number }) => httpStatus)).toEqual([
        202, 400, 202,
      ]);
      expect(results[1]).toMatchObject({
        requestId: id,
        status: "rejected",
        code: "invalid_request",
        problem: { type: "urn:orrery:problem:invalid_request", errors: [{ pointer }] },
      });
    },
  );

  it("refuses entries without a vault or an API, and stores nothing of them", async () => {
    const results = await resultsOf([entry("a", { userId: "bob" }), entry("b", { apiId: "maps" })]);
    expect(results).toMatchObject([
      { status: "rejected", httpStatus: 404, code: "vault_not_found" },
      { status: "rejected", httpStatus: 404, code: "api_not_found" },
    ]);
    expect(await billing.events.find("acme", "a")).toBeUndefined();
  });

  it("fills the backlog to its cap and tells the rest when to come back", async () => {
    const names = (prefix: string) =>
      Array.from({ length: 100 }, (_, index) => `${prefix}-${index}`);
    await resultsOf(names("a").map((name) => entry(name)));
    const results = await resultsOf(names("b").map((name) => entry(name)));
    const refused = results.filter(({ code }: { code?: string }) => code === "backlog_full");
    expect(refused).toHaveLength(50);
    expect(refused[0]).toMatchObject({ status: "rejected", httpStatus: 503, retryAfterSeconds: 5 });
  });

  it.each([
    ["no entries", { entries: [] }, "#/entries"],
    ["more than 100", { entries: Array.from({ length: 101 }, () => entry("x")) }, "#/entries"],
    ["no array", { entries: entry("x") }, "#/entries"],
    ["an unknown field", { entries: [entry("x")], dryRun: true }, "#/dryRun"],
    ["nothing", {}, "#/entries"],
    ["an array", [entry("x")], "#"],
  ])("refuses %s as a whole and stores nothing", async (_what, body, pointer) => {
    const response = await billing.call("POST", "/billing/deduct/bulk", body);
    expect([response.statusCode, response.json().code]).toEqual([400, "invalid_request"]);
    expect(response.json().errors[0].pointer).toBe(pointer);
    expect(await billing.events.find("acme", "x")).toBeUndefined();
  });
});
