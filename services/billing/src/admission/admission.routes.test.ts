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
  billing = await createBillingFixture({ maxPendingPerTenant: 2 });
  for (const [index, tenantId] of ["acme", "globex"].entries()) {
    const vault = { contractId: CONTRACTS[index] };
    await billing.call("PUT", "/billing/vaults/ada", vault, { tenantId });
    const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
    await billing.call("PUT", "/billing/apis/weather", api, { tenantId });
  }
});

afterEach(() => billing.close());

async function deduct(requestId: string, changes: object = {}, tenantId = "acme") {
  const body = { ...DEDUCT, requestId, ...changes };
  const headers = { prefer: "respond-async" };
  const response = await billing.call("POST", "/billing/deduct", body, { tenantId, headers });
  return { status: response.statusCode, code: response.json().code, headers: response.headers };
}

describe("a full backlog", () => {
  it("refuses a new request with when to come back, and stores nothing", async () => {
    await deduct("1");
    await deduct("2");
    const refused = await deduct("3");
    expect(refused).toMatchObject({ status: 503, code: "backlog_full" });
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect(await billing.events.find("acme", "3")).toBeUndefined();
    const { body } = await billing.app.inject("/metrics");
    expect(body).toContain("billing_backlog_full_total 1");
  });

  it("holds no other tenant up", async () => {
    await deduct("1");
    await deduct("2");
    expect(await deduct("1", {}, "globex")).toMatchObject({ status: 202 });
  });

  it("still answers for what is known, whether it waits, is charged or differs", async () => {
    await deduct("1");
    await billing.settle("1", CHARGED);
    await deduct("2");
    expect(await deduct("1")).toMatchObject({ status: 200 });
    expect(await deduct("2")).toMatchObject({ status: 202 });
    expect(await deduct("2", { userId: "eve" })).toMatchObject({ code: "request_id_mismatch" });
  });

  it("charges a failed request again only when there is room for it", async () => {
    await deduct("1");
    await billing.settle("1", REFUSED);
    await deduct("2");
    expect(await deduct("1")).toMatchObject({ status: 503, code: "backlog_full" });
    await billing.backlog.refresh();
    expect(await deduct("1")).toMatchObject({ status: 202 });
  });

  it("has room again when something was settled", async () => {
    await deduct("1");
    await deduct("2");
    await billing.settle("1", CHARGED);
    await billing.backlog.refresh();
    expect(await deduct("3")).toMatchObject({ status: 202 });
    expect(await deduct("4")).toMatchObject({ status: 503 });
  });

  it("is not filled by requests that add nothing", async () => {
    await deduct("1");
    for (let times = 0; times < 5; times += 1) {
      await deduct("1");
      await deduct("1", { userId: "eve" });
      await deduct("no-vault", { userId: "bob" });
      await deduct("no-api", { apiId: "maps" });
    }
    expect(await deduct("2")).toMatchObject({ status: 202 });
  });
});
