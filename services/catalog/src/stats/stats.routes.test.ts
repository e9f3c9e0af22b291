import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CatalogClient } from "../../test/catalog-client.ts";
import { statsKey } from "./stats-service.ts";

describe("the stats route", () => {
  let catalog: CatalogClient;
  beforeEach(async () => {
    catalog = await CatalogClient.start();
  });
  afterEach(() => catalog.close());

  const read = async (query = "") => (await catalog.get(`/stats${query}`)).body;

  it("sums stakes, predictions and pools of everyone, by category and status", async () => {
    expect(await read()).toEqual({ totalValueLocked: "0", totalBets: 0, totalPools: 0 });
    await catalog.createPool("p", { initialStake: "1" });
    await catalog.createPool("q", { category: "all", initialStake: "10" }, { tenantId: "rival" });
    await catalog.predict("p", "e1", { amount: "0.5" });
    expect(await read()).toEqual({ totalValueLocked: "11.5", totalBets: 1, totalPools: 2 });
    expect(await read("?category=all")).toMatchObject({ totalValueLocked: "10" });
    expect(await read("?category=Sports")).toMatchObject({ totalPools: 0 });
    await catalog.post("/pools/p/close", { eventId: "c" });
    expect(await read("?status=closed")).toMatchObject({ totalValueLocked: "1.5", totalBets: 1 });
    expect(await read("?status=active&category=sports")).toMatchObject({ totalPools: 0 });
  });

  it("shows each kind of write in the next read", async () => {
    await read();
    await catalog.createPool("p");
    expect(await read()).toMatchObject({ totalPools: 1 });
    await catalog.predict("p", "e1");
    expect(await read()).toMatchObject({ totalBets: 1 });
    expect(await read("?status=closed")).toMatchObject({ totalPools: 0 });
    await catalog.post("/pools/p/close", { eventId: "c" });
    expect(await read("?status=closed")).toMatchObject({ totalPools: 1 });
    expect(await read("?status=settled")).toMatchObject({ totalPools: 0 });
    await catalog.post("/pools/p/settle", { eventId: "s", outcome: "yes" });
    expect(await read("?status=settled")).toMatchObject({ totalPools: 1 });
  });

  it("refuses an unknown status", async () => {
    const { status, body } = await catalog.get("/stats?status=open");
    expect([status, body.errors[0]?.pointer]).toEqual([400, "#/status"]);
  });

  it("keeps a category named all, or with a separator, under a key of its own", () => {
    expect(statsKey({})).toBe("stats:all:all");
    expect(statsKey({ category: "sports", status: "active" })).toBe("stats:sports:active");
    expect(statsKey({ category: "all" })).not.toBe(statsKey({}));
    expect(statsKey({ category: "spo:rts" })).toBe("stats:spo%3Arts:all");
  });
});
