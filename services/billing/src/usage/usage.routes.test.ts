import { CHARGED } from "@orrery/common/testing/settle-intent";
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
  const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
  await billing.call("PUT", "/billing/apis/weather", api);
  for (const userId of ["ada", "bob"]) {
    await billing.call("PUT", `/billing/vaults/${userId}`, { contractId: CONTRACTS[0] });
    for (const number of [1, 2, 3]) await deduct(`${userId}-${number}`, userId);
  }
  await billing.settle("ada-1", CHARGED);
  await billing.settle("bob-1", CHARGED);
  await billing.settle("bob-2", CHARGED);
});

afterEach(() => billing.close());

async function deduct(requestId: string, userId: string) {
  const body = { ...DEDUCT, requestId, userId };
  await billing.call("POST", "/billing/deduct", body, { headers: { prefer: "respond-async" } });
}

const get = (query: string, tenantId = "acme") =>
  billing.call("GET", `/billing/usage${query}`, undefined, { tenantId });

const requestIds = (page: { data: { requestId: string }[] }) =>
  page.data.map(({ requestId }) => requestId);

const keyOf = ({ createdAt, usageEventId }: { createdAt: string; usageEventId: string }) =>
  `${createdAt}|${usageEventId}`;

describe("GET /billing/usage", () => {
  it("walks all events, newest first, by cursors of time and id", async () => {
    const whole = (await get("")).json();
    expect(whole.meta).toEqual({ limit: 20, hasNext: false, nextCursor: null, total: 6 });
    const keys: string[] = whole.data.map(keyOf);
    expect(keys).toEqual(keys.toSorted((a, b) => (a < b ? 1 : -1)));
    const seen: string[] = [];
    const cursors: (string | null)[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = (await get(`?limit=4${query}`)).json();
      expect(page.meta.total).toBe(6);
      seen.push(...requestIds(page));
      cursor = page.meta.nextCursor;
      cursors.push(cursor);
    }
    expect(seen).toEqual(requestIds(whole));
    expect(cursors).toEqual([btoa(keys[3] ?? ""), null]);
  });

  it("tells of each event what its request tells", async () => {
    const { data } = (await get("?status=confirmed&userId=ada")).json();
    const { attempts: _attempts, ...request } = (
      await billing.call("GET", "/billing/request/ada-1")
    ).json();
    expect(data).toEqual([request]);
  });

  it("selects by each filter, and gives an empty page to an empty window", async () => {
    expect((await get("?userId=bob&status=pending")).json().meta.total).toBe(1);
    expect((await get("?apiId=weather&endpointId=forecast")).json().meta.total).toBe(6);
    expect((await get("?apiId=maps")).json()).toMatchObject({ data: [], meta: { total: 0 } });
    expect((await get("?from=2100-01-01T00:00:00%2B02:00")).json().meta.total).toBe(0);
    expect((await get("?to=2100-01-01T00:00:00.1234Z")).json().meta.total).toBe(6);
  });

  it("shows another tenant nothing", async () => {
    expect((await get("", "globex")).json()).toMatchObject({ data: [], meta: { total: 0 } });
  });

  it.each([
    ["from=yesterday", "#/from"],
    ["from=2026-02-30T00:00:00Z", "#/from"],
    ["to=2026-03-01", "#/to"],
    ["to=2026-03-01T00:00:00", "#/to"],
    ["status=done", "#/status"],
    ["limit=0", "#/limit"],
    ["limit=101", "#/limit"],
    ["userId=", "#/userId"],
    ["user=ada", "#/user"],
  ])("refuses ?%s, pointing at it", async (query, pointer) => {
    const response = await get(`?${query}`);
    expect([response.statusCode, response.json().code]).toEqual([400, "invalid_request"]);
    expect(response.json().errors[0]).toMatchObject({ in: "query", pointer });
  });

  it.each(["mine", "MQ==", btoa("2026-03-01T12:00:00.000Z|1"), btoa("|"), "%00"])(
    "refuses the cursor %s",
    async (cursor) => {
      const response = await get(`?cursor=${encodeURIComponent(cursor)}`);
      expect([response.statusCode, response.json().code]).toEqual([422, "invalid_cursor"]);
    },
  );
});

describe("GET /billing/usage/summary", () => {
  it("sums confirmed charges by user, page by page, with the totals of all", async () => {
    const totals = { total: 2, groupBy: "user", count: 3, amountUsdc: "4.5" };
    const first = (await get("/summary?groupBy=user&limit=1")).json();
    expect(first).toEqual({
      data: [{ key: "ada", count: 1, amountUsdc: "1.5" }],
      meta: { limit: 1, hasNext: true, nextCursor: btoa("ada"), ...totals },
    });
    const second = (await get(`/summary?groupBy=user&limit=1&cursor=${btoa("ada")}`)).json();
    expect(second).toEqual({
      data: [{ key: "bob", count: 2, amountUsdc: "3" }],
      meta: { limit: 1, hasNext: false, nextCursor: null, ...totals },
    });
  });

  it.each(["day", "api", "endpoint"])("sums by %s", async (groupBy) => {
    const { data } = (await get(`/summary?groupBy=${groupBy}`)).json();
    expect(data).toMatchObject([{ count: 3, amountUsdc: "4.5" }]);
  });

  it.each([
    ["", 400],
    ["?groupBy=month", 400],
    ["?groupBy=day&status=pending", 400],
    ["?groupBy=day&from=now", 400],
    [`?groupBy=day&cursor=${btoa("ada")}`, 422],
    [`?groupBy=user&cursor=${btoa("a b")}`, 422],
  ])("refuses %j with %i", async (query, status) => {
    expect((await get(`/summary${query}`)).statusCode).toBe(status);
  });
});
