import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CatalogClient } from "../../test/catalog-client.ts";

describe("the leaderboard route", () => {
  let catalog: CatalogClient;
  beforeEach(async () => {
    catalog = await CatalogClient.start();
  });
  afterEach(() => catalog.close());

  it("ranks over pages with the board's meta, seven days of the platform by default", async () => {
    for (const address of ["B", "A", "C"]) await catalog.createToken(address);
    for (const address of ["B", "A"]) await catalog.burn(address);
    await catalog.burn("C", { amount: "11" });
    const { body } = await catalog.get("/leaderboard/most-burned");
    expect(body.data.map(({ rank, token, metric }) => [rank, token.address, metric])).toEqual([
      [1, "C", "11"],
      [2, "A", "10"],
      [3, "B", "10"],
    ]);
    expect(body.meta).toMatchObject({
      type: "most-burned",
      period: "7d",
      scope: "platform",
      page: 1,
      limit: 10,
      total: 3,
      totalPages: 1,
    });
    expect(body.meta.updatedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/);
    const second = await catalog.get("/leaderboard/most-burned?limit=2&page=2");
    expect(second.body.data.map(({ rank, token }) => [rank, token.address])).toEqual([[3, "B"]]);
  });

  it("has the period all on boards without windows, whatever is asked", async () => {
    await catalog.createToken("A");
    for (const type of ["newest", "largest-supply"]) {
      const { body } = await catalog.get(`/leaderboard/${type}?period=24h`);
      expect([body.meta.period, body.meta.total]).toEqual(["all", 1]);
    }
    const newest = await catalog.get("/leaderboard/newest");
    const token = await catalog.get("/tokens/A");
    expect(newest.body.data[0]?.metric).toBe((token.body as { createdAt?: string }).createdAt);
  });

  it("answers 404 for an unknown board and 400 for what it cannot read", async () => {
    const unknown = await catalog.get("/leaderboard/most-loved");
    expect([unknown.status, unknown.body.code]).toEqual([404, "leaderboard_not_found"]);
    for (const query of ["period=1h", "page=101", "limit=101", "limit=0", "scope=rival"]) {
      const { status, body } = await catalog.get(`/leaderboard/most-burned?${query}`);
      const pointer = `#/${query.split("=", 1)[0]}`;
      expect([status, body.errors[0]?.pointer], query).toEqual([400, pointer]);
    }
  });

  it("shows listed tokens of everyone to everyone, without who owns them", async () => {
    await catalog.createToken("OPEN", {}, { tenantId: "rival" });
    await catalog.createToken("SECRET", { listed: false }, { tenantId: "rival" });
    const platform = await catalog.get("/leaderboard/newest");
    expect(platform.body.data.map(({ token }) => token.address)).toEqual(["OPEN"]);
    expect(platform.text).not.toContain("rival");
    const scope = "/leaderboard/newest?scope=tenant";
    expect((await catalog.get(scope)).body.data).toEqual([]);
    const own = await catalog.get(scope, { tenantId: "rival" });
    // Both may be of the same millisecond, and then stand in the order of their addresses.
    const addresses = own.body.data.map(({ token }) => token.address);
    expect(addresses.toSorted()).toEqual(["OPEN", "SECRET"]);
  });

  it("keeps a tenant who is called platform apart from the platform", async () => {
    await catalog.createToken("A");
    await catalog.get("/leaderboard/newest");
    const own = await catalog.get("/leaderboard/newest?scope=tenant", { tenantId: "platform" });
    expect([own.headers["x-cache"], own.body.data]).toEqual(["miss", []]);
  });

  it("shows a write in the next read, and a new token leaves boards of burns cached", async () => {
    await catalog.createToken("A");
    const metric = async (type: string) => {
      const { body, headers } = await catalog.get(`/leaderboard/${type}`);
      return [body.data[0]?.metric, headers["x-cache"]];
    };
    expect(await metric("most-burned")).toEqual([undefined, "miss"]);
    await catalog.burn("A");
    expect(await metric("most-burned")).toEqual(["10", "miss"]);
    expect(await metric("largest-supply")).toEqual(["990", "miss"]);
    await expect.poll(() => metric("most-burned")).toEqual(["10", "hit"]);
    await catalog.createToken("B", { totalSupply: "5000" });
    expect(await metric("most-burned")).toEqual(["10", "hit"]);
    expect(await metric("largest-supply")).toEqual(["5000", "miss"]);
  });
});
