import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CatalogClient } from "../../test/catalog-client.ts";

describe("the token routes", () => {
  let catalog: CatalogClient;
  beforeEach(async () => {
    catalog = await CatalogClient.start();
  });
  afterEach(() => catalog.close());

  it("create a token whose creator is the tenant, listed unless it says otherwise", async () => {
    const supply = (2n ** 127n - 1n).toString();
    const created = await catalog.createToken("CTOKEN", { totalSupply: supply });
    expect(created.status).toBe(201);
    expect(created.headers.location).toBe("/api/v1/tokens/CTOKEN");
    expect(created.body).toMatchObject({
      address: "CTOKEN",
      creator: "acme",
      totalSupply: supply,
      totalBurned: "0",
      burnCount: 0,
      listed: true,
    });
    expect((await catalog.get("/tokens/CTOKEN")).body).toEqual(created.body);
  });

  it("refuse a creator in the body, and an address that the tenant has", async () => {
    const claimed = await catalog.createToken("A", { creator: "rival" });
    expect([claimed.status, claimed.body.errors]).toEqual([
      400,
      [{ pointer: "#/creator", detail: "is not a known field" }],
    ]);
    await catalog.createToken("A");
    const again = await catalog.createToken("A");
    expect([again.status, again.body.code]).toEqual([409, "token_exists"]);
    expect((await catalog.createToken("A", {}, { tenantId: "rival" })).status).toBe(201);
  });

  it.each(["search", ".", ".."])(
    "refuse the address %s, which no path can name",
    async (address) => {
      const { status, body } = await catalog.createToken(address);
      const fault = { pointer: "#/address", detail: 'must not be "search", ".", ".."' };
      expect([status, body.errors]).toEqual([400, [fault]]);
      expect((await catalog.get("/tokens/search")).body.data).toEqual([]);
    },
  );

  it.each(["Search", "...", ".a", "search."])("take the address %s", async (address) => {
    expect((await catalog.createToken(address)).status).toBe(201);
    expect((await catalog.get(`/tokens/${address}`)).body).toMatchObject({ address });
  });

  it("answer 404 for another tenant's token", async () => {
    await catalog.createToken("A");
    const { status, body } = await catalog.get("/tokens/A", { tenantId: "rival" });
    expect([status, body.code]).toEqual([404, "token_not_found"]);
  });

  it("search the tenant's own tokens, newest first, twenty of them", async () => {
    for (let index = 0; index < 25; index += 1) await catalog.createToken(`T${index + 10}`);
    await catalog.createToken("THEIRS", {}, { tenantId: "rival" });
    const { body } = await catalog.get("/tokens/search");
    expect(body.data).toHaveLength(20);
    expect(body.meta).toEqual({
      page: 1,
      limit: 20,
      total: 25,
      totalPages: 2,
      hasNext: true,
      hasPrev: false,
    });
    const second = await catalog.get("/tokens/search?page=2");
    expect(second.body.data).toHaveLength(5);
    const addresses = [...body.data, ...second.body.data].map((token) => token.address);
    expect(new Set(addresses).size).toBe(25);
    expect(addresses).not.toContain("THEIRS");
  });

  it("cap the limit of a search at 50, and refuse 0", async () => {
    const capped = await catalog.get("/tokens/search?limit=51");
    expect(capped.body.meta.limit).toBe(50);
    const none = await catalog.get("/tokens/search?limit=0");
    expect([none.status, none.body.errors[0]?.pointer, none.body.errors[0]?.in]).toEqual([
      400,
      "#/limit",
      "query",
    ]);
  });

  it("take % and _ literally, and a date for its whole day", async () => {
    await catalog.createToken("A", { name: "100% nova" });
    await catalog.createToken("B", { name: "1000 nova" });
    const search = async (query: string) =>
      (await catalog.get(`/tokens/search?${query}`)).body.data.map((token) => token.address);
    expect(await search("q=0%25")).toEqual(["A"]);
    expect(await search("q=_")).toEqual([]);
    expect(await search("q=NOVA&sortBy=name&sortOrder=asc")).toEqual(["A", "B"]);
    const today = new Date().toISOString().slice(0, 10);
    expect(await search(`startDate=${today}&endDate=${today}`)).toHaveLength(2);
    expect(await search(`endDate=2020-01-01`)).toEqual([]);
  });

  it("take every parameter of a search, and no other", async () => {
    await catalog.createToken("A", { totalSupply: "10", name: "Alpha" });
    await catalog.createToken("B", { totalSupply: "20", name: "Beta" });
    await catalog.burn("B", { amount: "5" });
    const search = async (query: string) => {
      const { status, body } = await catalog.get(`/tokens/search?${query}`);
      return status === 200 ? body.data.map((token) => token.address) : status;
    };
    expect(await search("minSupply=11")).toEqual(["B"]);
    expect(await search("maxSupply=10")).toEqual(["A"]);
    expect(await search("hasBurns=false")).toEqual(["A"]);
    expect(await search("sortBy=burned")).toEqual(["B", "A"]);
    expect(await search("sortBy=supply&sortOrder=asc")).toEqual(["A", "B"]);
    expect(await search("sortBy=name&sortOrder=desc&page=2&limit=1")).toEqual(["A"]);
    expect(await search("startDate=2020-01-01&endDate=9999-12-31&q=A")).toHaveLength(2);
    for (const refused of [
      "creator=acme",
      "creator=rival",
      "tenantId=rival",
      "page=0",
      "limit=-1",
      "limit=1.5",
      "hasBurns=yes",
      "sortBy=creator",
      "sortOrder=down",
      "minSupply=-1",
      "minSupply=2&maxSupply=1",
      "startDate=tomorrow",
      "startDate=2026-02-01&endDate=2026-01-01",
    ]) {
      expect(await search(refused), refused).toBe(400);
    }
  });

  it("show a write in the next search", async () => {
    expect((await catalog.get("/tokens/search")).body.meta.total).toBe(0);
    await catalog.createToken("A");
    expect((await catalog.get("/tokens/search")).body.meta.total).toBe(1);
    await catalog.burn("A");
    const burned = await catalog.get("/tokens/search?hasBurns=true");
    expect(burned.body.data).toMatchObject([{ address: "A", totalBurned: "10" }]);
  });

  it("serve a search from the cache with an ETag, and 304 to one who has it", async () => {
    await catalog.createToken("A");
    const first = await catalog.get("/tokens/search?q=no");
    expect(first.headers).toMatchObject({
      "x-cache": "miss",
      "cache-control": "private, no-cache",
    });
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    const second = await catalog.get("/tokens/search?q=NO");
    expect([second.headers["x-cache"], second.text]).toEqual(["hit", first.text]);
    const headers = { "if-none-match": `"other", W/${etag}` };
    const third = await catalog.get("/tokens/search?q=no", { headers });
    expect([third.status, third.text, third.headers.etag]).toEqual([304, "", etag]);
    const rival = await catalog.get("/tokens/search?q=no", { tenantId: "rival", headers });
    expect([rival.status, rival.body.data]).toEqual([200, []]);
  });
});
