import { OPERATIONS } from "@orrery/common/contracts/operations";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CatalogClient } from "../test/catalog-client.ts";

const token = { address: "T", name: "Nova", symbol: "NOV", decimals: 7, totalSupply: "1000" };
const burn = { txHash: "tx", from: "ada", amount: "10", burnedBy: "ada" };
const pool = {
  eventId: "e",
  poolId: "p2",
  name: "Final",
  category: "sports",
  token: "USDC",
  endTime: "2027-01-01T00:00:00Z",
};
const prediction = { eventId: "e", userAddress: "ada", outcome: "yes", amount: "1" };
const settlement = { eventId: "e", outcome: "yes" };
const TOO_LARGE = (2n ** 127n).toString();
const TOO_LONG = "x".repeat(256);

/** Values that no identifier may have. */
const badIds = ["", " ", "a b", "é", "a\nb", "\u0000", TOO_LONG, 7, null, ["a"], {}];
const badText = ["", "   ", "a\u0000b", "a\nb", "\ud800", 7, null, ["a"]];
const badInstants = [
  "",
  "now",
  "2026-02-30T00:00:00Z",
  "2026-06-30T23:59:60Z",
  "1969-12-31T23:59:59Z",
  1,
  null,
];
const badAmounts = [
  "",
  "0",
  "-1",
  "+1",
  "1.5",
  "1e3",
  "0x10",
  "01",
  " 1",
  TOO_LARGE,
  "9".repeat(40),
  10,
  null,
];
const badStakes = ["", "-1", ".5", "1.", "1e3", "0.00000001", "922337203685.4775808", 1, null];

type Faults = Record<string, readonly unknown[]>;

/** Every route with a body: a body that it takes, and values of its fields that it must refuse. */
const BODIES: readonly [path: string, valid: object, faults: Faults][] = [
  [
    "/tokens",
    token,
    {
      address: badIds,
      name: [...badText, "x".repeat(129)],
      symbol: [...badText, "x".repeat(33)],
      decimals: [-1, 39, 1.5, "7", null],
      totalSupply: ["-1", "1.5", TOO_LARGE, 10, null],
      metadataUri: ["", "no uri", "http:/ /x", 7],
      listed: ["true", 1, null],
    },
  ],
  [
    "/tokens/KNOWN/burns",
    burn,
    {
      txHash: badIds,
      eventIndex: [-1, 1.5, 2_147_483_648, "0", null],
      from: badIds,
      amount: badAmounts,
      burnedBy: badIds,
      isAdminBurn: ["true", 1, null],
      timestamp: badInstants,
    },
  ],
  [
    "/pools",
    pool,
    {
      eventId: badIds,
      poolId: badIds,
      name: badText,
      category: [...badText, "x".repeat(101)],
      token: badIds,
      endTime: badInstants,
      initialStake: badStakes,
    },
  ],
  [
    "/pools/known/predictions",
    prediction,
    { eventId: badIds, userAddress: badIds, outcome: badText, amount: [...badStakes, "0", "0.0"] },
  ],
  ["/pools/known/close", { eventId: "e" }, { eventId: badIds }],
  ["/pools/known/settle", settlement, { eventId: badIds, outcome: badText }],
];

const SEARCH_FAULTS = [
  "creator=acme",
  "limit=0",
  "limit=-1",
  "limit=x",
  "limit=1.5",
  "page=0",
  "page=1000001",
  "q=",
  "q=a%00b",
  "q=a&q=b",
  "startDate=yesterday",
  "endDate=2026-02-30",
  "minSupply=-1",
  `maxSupply=${TOO_LARGE}`,
  "hasBurns=yes",
  "sortBy=price",
  "sortOrder=up",
  "unknown=1",
]; // prettier-ignore

describe("bad input", () => {
  let catalog: CatalogClient;
  beforeEach(async () => {
    catalog = await CatalogClient.start();
    await catalog.createToken("KNOWN");
    await catalog.createPool("known");
  });
  afterEach(() => catalog.close());

  const state = async () =>
    Promise.all(
      ["/tokens/search", "/leaderboard/most-active", "/stats", "/pools/known"].map(async (path) =>
        (await catalog.get(path)).text.replace(/"updatedAt":"[^"]+"/, ""),
      ),
    );

  const expectRefused = async (answering: ReturnType<CatalogClient["get"]>, pointer: string) => {
    const { status, body, headers } = await answering;
    expect([status, body.code]).toEqual([400, "invalid_request"]);
    expect(headers["content-type"]).toContain("application/problem+json");
    expect(body.errors.map((error) => error.pointer)).toContain(pointer);
  };

  it.each(BODIES)(
    "to POST %s is named with its pointer, and nothing is stored",
    async (path, valid, faults) => {
      const before = await state();
      for (const [field, values] of Object.entries(faults)) {
        for (const value of values) {
          await expectRefused(catalog.post(path, { ...valid, [field]: value }), `#/${field}`);
        }
      }
      for (const field of Object.keys(valid)) {
        const body = Object.fromEntries(Object.entries(valid).filter(([name]) => name !== field));
        await expectRefused(catalog.post(path, body), `#/${field}`);
      }
      await expectRefused(catalog.post(path, { ...valid, surplus: 1 }), "#/surplus");
      for (const body of [[], "text", 7, null]) {
        const headers = { "content-type": "application/json" };
        const { status } = await catalog.post(path, JSON.stringify(body), { headers });
        expect(status).toBe(400);
      }
      expect(await state()).toEqual(before);
      expect((await catalog.post(path, valid)).status).toBeLessThan(300);
    },
  );

  it.each(SEARCH_FAULTS)("to a search by ?%s is named with its pointer", async (query) => {
    const pointer = `#/${query.split("=", 1)[0]}`;
    const atItem = query === "q=a&q=b" ? "#/q" : pointer;
    await expectRefused(catalog.get(`/tokens/search?${query}`), atItem);
  });

  it("in a range that ends before it begins is named", async () => {
    const dates = "startDate=2026-01-02&endDate=2026-01-01";
    await expectRefused(catalog.get(`/tokens/search?${dates}`), "#/endDate");
    const supplies = "minSupply=2&maxSupply=1";
    await expectRefused(catalog.get(`/tokens/search?${supplies}`), "#/maxSupply");
  });

  it.each([
    ["GET", `/tokens/${encodeURIComponent("a b")}`, "#/address"],
    ["GET", `/tokens/${"x".repeat(256)}`, "#/address"],
    ["POST", "/tokens/%C3%A9/burns", "#/address"],
    ["GET", "/pools/a%20b", "#/poolId"],
    ["POST", "/pools/a%20b/predictions", "#/poolId"],
    ["POST", "/pools/a%20b/close", "#/poolId"],
    ["POST", "/pools/a%20b/settle", "#/poolId"],
    ["GET", "/stats?category=", "#/category"],
    ["GET", "/stats?status=open", "#/status"],
    ["GET", "/stats?unknown=1", "#/unknown"],
    ["GET", "/leaderboard/newest?period=1h", "#/period"],
  ] as const)("in the path or query of %s %s is named", async (method, path, pointer) => {
    const body = path.includes("burns")
      ? burn
      : path.includes("predictions")
        ? prediction
        : settlement;
    const { eventId } = settlement;
    const sent = path.includes("close") ? { eventId } : body;
    await expectRefused(catalog.call(method, path, method === "GET" ? undefined : sent), pointer);
  });

  it("without a signed context is 401, and without the scope 403, on every route", async () => {
    for (const operation of Object.values(OPERATIONS)) {
      if (operation.service !== "catalog") continue;
      const path = operation.path.replace(/:\w+|\*/g, "x");
      const bare = await catalog.catalog.app.inject({
        method: operation.method,
        url: `/api/v1${path}`,
      });
      expect([path, bare.statusCode]).toEqual([path, 401]);
      const others = operation.scope === "catalog:read" ? "catalog:write" : "catalog:read";
      const unscoped = await catalog.catalog.app.inject({
        method: operation.method,
        url: `/api/v1${path}`,
        headers: catalog.contextHeaders({ scopes: [others] }),
      });
      expect([path, unscoped.statusCode]).toEqual([path, 403]);
    }
  });
});
