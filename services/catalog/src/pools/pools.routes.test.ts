import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CatalogClient } from "../../test/catalog-client.ts";

describe("the pool routes", () => {
  let catalog: CatalogClient;
  beforeEach(async () => {
    catalog = await CatalogClient.start();
  });
  afterEach(() => catalog.close());

  it("create a pool once per event: 201, then 200", async () => {
    const first = await catalog.createPool("p", { initialStake: "2.50" });
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      poolId: "p",
      status: "active",
      totalStake: "2.5",
      predictionCount: 0,
      endTime: "2027-01-01T00:00:00.000Z",
    });
    const sameMeaning = { initialStake: "2.5", endTime: "2027-01-01T01:00:00+01:00" };
    expect((await catalog.createPool("p", sameMeaning)).status).toBe(200);
    const other = await catalog.createPool("p", { initialStake: "3" });
    expect([other.status, other.body.code]).toEqual([409, "event_id_reused"]);
    const taken = await catalog.createPool("p", { eventId: "e2" }, { tenantId: "rival" });
    expect([taken.status, taken.body.code]).toEqual([409, "pool_exists"]);
  });

  it("are readable for everyone and writable for the owner alone", async () => {
    await catalog.createPool("p");
    const rival = { tenantId: "rival" };
    expect((await catalog.get("/pools/p", rival)).status).toBe(200);
    for (const answer of [
      await catalog.predict("p", "e1", {}, rival),
      await catalog.post("/pools/p/close", { eventId: "e2" }, rival),
      await catalog.post("/pools/p/settle", { eventId: "e3", outcome: "yes" }, rival),
      await catalog.get("/pools/none"),
    ]) {
      expect([answer.status, answer.body.code]).toEqual([404, "pool_not_found"]);
    }
  });

  it("count a prediction once per eventId, and refuse the id for another", async () => {
    await catalog.createPool("p");
    const first = await catalog.predict("p", "e1", { amount: "0.0000001" });
    expect([first.status, first.body]).toMatchObject([201, { amount: "0.0000001", poolId: "p" }]);
    const again = await catalog.predict("p", "e1", { amount: "0.0000001" });
    expect([again.status, again.body]).toEqual([200, first.body]);
    const other = await catalog.predict("p", "e1", { outcome: "no" });
    expect([other.status, other.body.code]).toEqual([409, "event_id_reused"]);
    expect((await catalog.get("/pools/p")).body).toMatchObject({
      totalStake: "0.0000001",
      predictionCount: 1,
    });
  });

  it("take no prediction once closed, and settle with an outcome", async () => {
    await catalog.createPool("p");
    const closed = await catalog.post("/pools/p/close", { eventId: "c" });
    expect([closed.status, closed.body]).toMatchObject([200, { status: "closed" }]);
    const late = await catalog.predict("p", "e1");
    expect([late.status, late.body.code]).toEqual([409, "pool_closed"]);
    expect((await catalog.post("/pools/p/close", { eventId: "c" })).status).toBe(200);
    const settled = await catalog.post("/pools/p/settle", { eventId: "s", outcome: "yes" });
    expect(settled.body).toMatchObject({ status: "settled", outcome: "yes" });
    const again = await catalog.post("/pools/p/close", { eventId: "c2" });
    expect([again.status, again.body.code]).toEqual([409, "invalid_pool_state"]);
  });

  it("are listed page by page with filters, and refuse cursors that are none of theirs", async () => {
    for (const poolId of ["a", "b", "c"]) await catalog.createPool(poolId);
    await catalog.createPool("d", { category: "politics", endTime: "2026-12-01T00:00:00Z" });
    const ids = async (path: string) => {
      const { status, body } = await catalog.get(path, { tenantId: "rival" });
      expect(status).toBe(200);
      const pools = body.data as unknown as { poolId: string }[];
      return { ids: pools.map(({ poolId }) => poolId), meta: body.meta };
    };
    const first = await ids("/pools?sort=ending&limit=2");
    expect(first).toMatchObject({ ids: ["d", "a"], meta: { limit: 2, hasNext: true, total: 4 } });
    const cursor = encodeURIComponent(String(first.meta["nextCursor"]));
    expect(await ids(`/pools?sort=ending&limit=2&cursor=${cursor}`)).toMatchObject({
      ids: ["b", "c"],
      meta: { hasNext: false, nextCursor: null, total: 4 },
    });
    expect((await ids("/pools?category=politics&status=active")).ids).toEqual(["d"]);
    expect((await ids("/pools?status=closed")).ids).toEqual([]);
    const bad = await catalog.get("/pools?cursor=bm90IG91cnM=");
    expect([bad.status, bad.body.code]).toEqual([422, "invalid_cursor"]);
    for (const query of ["status=open", "sort=stake", "limit=0", "limit=101", "category="]) {
      const { status, body } = await catalog.get(`/pools?${query}`);
      expect([status, body.code], query).toEqual([400, "invalid_request"]);
    }
  });
});
