import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CatalogClient } from "../../test/catalog-client.ts";

const TOKEN = "internal-token-".repeat(3);
const KEPT = {
  tenantId: "acme",
  eventId: "C/1",
  source: "indexer",
  event: {
    eventId: "C/1",
    tenantId: "acme",
    type: "burn.created",
    payload: { tokenAddress: "A", txHash: "t", from: "ada", amount: "5", burnedBy: "ada" },
  },
  code: "token_not_found",
  detail: "The tenant has no token A.",
} as const;

describe("the internal routes", () => {
  let catalog: CatalogClient;
  beforeEach(async () => {
    catalog = await CatalogClient.start({ INTERNAL_TOKENS: TOKEN });
  });
  afterEach(() => catalog.close());

  async function call(method: "GET" | "POST" | "DELETE", path: string, payload?: object) {
    const response = await catalog.catalog.app.inject({
      method,
      url: `/internal/v1${path}`,
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(payload === undefined ? {} : { payload }),
    });
    const body = response.body === "" ? undefined : response.json();
    return { status: response.statusCode, body };
  }

  const token = (eventId: string, fields: object = {}) => ({
    eventId,
    tenantId: "acme",
    type: "token.created",
    payload: {
      address: "A",
      name: "Nova",
      symbol: "NOV",
      decimals: 7,
      totalSupply: "10",
      ...fields,
    },
  });

  it("apply a batch in its order, each event once, with a result for each", async () => {
    const burn = {
      eventId: "e2",
      tenantId: "acme",
      type: "burn.created",
      payload: { tokenAddress: "A", txHash: "t", from: "ada", amount: "5", burnedBy: "ada" },
    };
    const pool = {
      eventId: "e3",
      tenantId: "acme",
      type: "pool.created",
      payload: {
        poolId: "p",
        name: "P",
        category: "c",
        token: "USDC",
        endTime: "2027-01-01T00:00:00Z",
      },
    };
    const predict = (amount: string) => ({
      eventId: "e4",
      tenantId: "acme",
      type: "prediction.placed",
      payload: { poolId: "p", userAddress: "ada", outcome: "yes", amount },
    });
    const close = {
      eventId: "e5",
      tenantId: "acme",
      type: "pool.closed",
      payload: { poolId: "p" },
    };
    const settle = {
      eventId: "e6",
      tenantId: "acme",
      type: "pool.settled",
      payload: { poolId: "p", outcome: "yes" },
    };
    const events = [token("e1"), burn, pool, predict("2"), close, settle];
    const first = await call("POST", "/events", { events });
    expect(first.status).toBe(200);
    expect(first.body.results).toEqual(
      events.map(({ eventId }) => ({ eventId, status: "applied" })),
    );
    const again = await call("POST", "/events", { events });
    expect(new Set(again.body.results.map((result: { status: string }) => result.status))).toEqual(
      new Set(["duplicate"]),
    );
    expect((await catalog.get("/tokens/A")).body).toMatchObject({ totalBurned: "5", burnCount: 1 });
    expect((await catalog.get("/stats")).body).toMatchObject({ totalValueLocked: "2" });
    const other = await call("POST", "/events", {
      events: [predict("3"), token("e1", { name: "X" })],
    });
    expect(other.body.results).toMatchObject([
      { status: "rejected", code: "event_id_reused" },
      { status: "rejected", code: "token_exists" },
    ]);
  });

  it("refuse what is no event with its faults, and apply the others", async () => {
    const { status, body } = await call("POST", "/events", {
      events: [
        7,
        { type: "burn.destroyed" },
        token("e1", { totalSupply: 10, owner: "x" }),
        { ...token("e2"), tenantId: "a b" },
        token("e3"),
        token("e4", { address: ".." }),
      ],
    });
    expect(status).toBe(200);
    expect(body.results).toMatchObject([
      { eventId: null, status: "rejected", code: "invalid_request" },
      { eventId: null, status: "rejected", errors: [{ pointer: "#/type" }] },
      { eventId: "e1", status: "rejected" },
      { eventId: "e2", status: "rejected", errors: [{ pointer: "#/tenantId" }] },
      { eventId: "e3", status: "applied" },
      { eventId: "e4", status: "rejected", errors: [{ pointer: "#/payload/address" }] },
    ]);
    const pointers = body.results[2].errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers.toSorted()).toEqual(["#/payload/owner", "#/payload/totalSupply"]);
  });

  it.each([
    ["no events", { events: [] }],
    ["too many", { events: Array.from({ length: 1_001 }, () => 1) }],
    ["another field", { events: [1], mode: "fast" }],
    ["no body", undefined],
  ])("refuse a batch with %s", async (_name, payload) => {
    expect((await call("POST", "/events", payload)).status).toBe(400);
  });

  it("show what was rejected, apply it again, and forget it when told to", async () => {
    const { rejected } = catalog.catalog.internal;
    await rejected.keep(KEPT);
    const list = await call("GET", "/events/rejected");
    expect(list.body.data).toMatchObject([{ ...KEPT, rejections: 1 }]);
    const replay = () => call("POST", "/events/rejected/acme/C%2F1/replay");
    expect((await replay()).body).toMatchObject({ status: "rejected", code: "token_not_found" });
    expect((await call("GET", "/events/rejected")).body.data[0].rejections).toBe(2);
    await catalog.createToken("A");
    expect((await replay()).body).toEqual({ status: "applied" });
    expect((await replay()).body.code).toBe("event_not_found");
    const { body } = await catalog.burn("A", {
      txHash: "t",
      amount: "5",
      from: "ada",
      burnedBy: "ada",
    });
    expect((body as { verified?: boolean }).verified).toBe(true);
    await rejected.keep(KEPT);
    expect((await call("DELETE", "/events/rejected/acme/C%2F1")).status).toBe(204);
    expect((await call("DELETE", "/events/rejected/acme/C%2F1")).status).toBe(404);
  });

  it("show how far the chain is read, and have it read again", async () => {
    const { positions } = catalog.catalog.internal;
    const holder = "0197f9a2-0000-7000-8000-000000000001";
    await positions.lease("CA", holder, { leaseMs: 1_000, firstLedger: 7 });
    expect((await call("GET", "/indexer")).body.data).toMatchObject([
      { contractId: "CA", ledger: 7, gaps: [] },
    ]);
    const ahead = await call("POST", "/indexer/CA/rewind", { ledger: 8 });
    expect([ahead.status, ahead.body.errors?.[0]?.pointer]).toEqual([400, "/ledger"]);
    expect((await call("POST", "/indexer/CA/rewind", { ledger: 3 })).status).toBe(204);
    expect((await call("GET", "/indexer")).body.data).toMatchObject([{ ledger: 3 }]);
    expect((await call("POST", "/indexer/CB/rewind", { ledger: 3 })).body.code).toBe(
      "contract_not_followed",
    );
    expect((await call("POST", "/indexer/CA/rewind", { ledger: 0 })).status).toBe(400);
  });

  it("want a service credential, and are not there without any", async () => {
    const { app } = catalog.catalog;
    const headers = catalog.contextHeaders();
    const guessed = await app.inject({ url: "/internal/v1/indexer", headers });
    expect([guessed.statusCode, guessed.json().code]).toEqual([401, "unauthenticated"]);
    const without = await CatalogClient.start();
    const closed = await without.catalog.app.inject({
      url: "/internal/v1/indexer",
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(closed.statusCode).toBe(404);
    await without.close();
  });
});
