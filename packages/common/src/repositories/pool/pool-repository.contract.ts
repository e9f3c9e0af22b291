import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import {
  announcementOf,
  type CatalogAdapters,
  drain,
  type MakeAdapters,
  NOW_MS,
} from "../token/catalog-fixtures.contract.ts";
import {
  type NewPool,
  type PoolEvent,
  type PoolFilter,
  type PoolPosition,
  type PoolSort,
  sortTimeOf,
} from "./pool-repository.ts";

const AT = new Date(NOW_MS);

function eventOf(eventId: string, content = eventId, tenantId = "acme"): PoolEvent {
  const event = { type: "pool.created", payload: { poolId: "p" } } as const;
  const fingerprint = createHash("sha256").update(content).digest();
  return { eventId, fingerprint, at: AT, announcement: announcementOf(event, tenantId, ["stats"]) };
}

export function describePoolRepository(name: string, makeAdapters: MakeAdapters): void {
  describe(`pools in ${name}`, () => {
    let adapters: CatalogAdapters;
    beforeEach(async () => {
      adapters = await makeAdapters();
    });

    const create = (eventId: string, fields: Partial<NewPool> = {}, tenantId = "acme") =>
      adapters.pools.create(
        tenantId,
        {
          poolId: "p",
          name: "Final",
          category: "sports",
          token: "USDC",
          endTime: AT,
          stakedStroops: 100n,
          createdAt: AT,
          ...fields,
        },
        eventOf(eventId, eventId, tenantId),
      );
    const predict = (eventId: string, amountStroops = 5n, tenantId = "acme", poolId = "p") =>
      adapters.pools.placePrediction(
        tenantId,
        { poolId, userAddress: "ada", outcome: "yes", amountStroops },
        eventOf(eventId, `${eventId} ${amountStroops}`, tenantId),
      );
    const totals = async (filter: Parameters<typeof adapters.pools.readTotals>[0] = {}) => {
      const { stakedStroops, predictionCount, poolCount } = await adapters.pools.readTotals(filter);
      return [stakedStroops, predictionCount, poolCount];
    };

    it("keeps a pool's fields, readable by everyone", async () => {
      const { value } = await create("e1");
      expect(value).toMatchObject({ poolId: "p", status: "active", predictionCount: 0 });
      expect(await adapters.pools.find("p")).toEqual(value);
      expect(await adapters.pools.find("q")).toBeUndefined();
    });

    it("counts an event once, however often and however parallel it is delivered", async () => {
      const created = await Promise.all([create("e1"), create("e1"), create("e1")]);
      expect(created.filter(({ sequence }) => sequence !== undefined)).toHaveLength(1);
      const placed = await Promise.all(Array.from({ length: 6 }, () => predict("e2")));
      expect(placed.filter(({ sequence }) => sequence !== undefined)).toHaveLength(1);
      expect(new Set(placed.map(({ value }) => value.amountStroops))).toEqual(new Set([5n]));
      expect(await totals()).toEqual([105n, 1, 1]);
      expect(await drain(adapters)).toHaveLength(2);
    });

    it("refuses an eventId with other content, and changes nothing", async () => {
      await create("e1");
      await predict("e2", 5n);
      await expect(predict("e2", 6n)).rejects.toMatchObject({ code: "event_id_reused" });
      await expect(predict("e1", 6n)).rejects.toMatchObject({ code: "event_id_reused" });
      expect(await totals()).toEqual([105n, 1, 1]);
    });

    it("takes another tenant's equal eventId as another event", async () => {
      await create("e1");
      await create("e1", { poolId: "q" }, "rival");
      expect(await totals()).toEqual([200n, 0, 2]);
    });

    it("refuses a pool id that anyone has taken, and frees the eventId", async () => {
      await create("e1");
      await expect(create("e2", {}, "rival")).rejects.toMatchObject({ code: "pool_exists" });
      await expect(create("e3")).rejects.toMatchObject({ code: "pool_exists" });
      await create("e2", { poolId: "q" }, "rival");
      expect(await totals()).toEqual([200n, 0, 2]);
    });

    it("lets nobody but the owner write", async () => {
      await create("e1");
      const notFound = { code: "pool_not_found" };
      await expect(predict("x1", 5n, "rival")).rejects.toMatchObject(notFound);
      await expect(adapters.pools.close("rival", "p", eventOf("x2"))).rejects.toMatchObject(
        notFound,
      );
      const settled = adapters.pools.settle("rival", "p", "yes", eventOf("x3"));
      await expect(settled).rejects.toMatchObject(notFound);
      await expect(predict("x4", 5n, "acme", "none")).rejects.toMatchObject(notFound);
      expect(await totals()).toEqual([100n, 0, 1]);
    });

    it("takes no prediction once closed, and still knows those it took", async () => {
      await create("e1");
      await predict("e2");
      const closed = await adapters.pools.close("acme", "p", eventOf("e3"));
      expect(closed.value).toMatchObject({ status: "closed", closedAt: AT });
      await expect(predict("e4")).rejects.toMatchObject({ code: "pool_closed" });
      expect((await predict("e2")).sequence).toBeUndefined();
      const again = adapters.pools.close("acme", "p", eventOf("e5"));
      await expect(again).rejects.toMatchObject({ code: "invalid_pool_state" });
      expect((await adapters.pools.close("acme", "p", eventOf("e3"))).sequence).toBeUndefined();
    });

    it("settles an active or a closed pool once, with its outcome", async () => {
      await create("e1");
      await create("e2", { poolId: "q" });
      await adapters.pools.close("acme", "q", eventOf("e3"));
      for (const poolId of ["p", "q"]) {
        const { value } = await adapters.pools.settle("acme", poolId, "yes", eventOf(`s${poolId}`));
        expect(value).toMatchObject({ status: "settled", outcome: "yes", settledAt: AT });
      }
      const again = adapters.pools.settle("acme", "p", "no", eventOf("s2"));
      await expect(again).rejects.toMatchObject({ code: "invalid_pool_state" });
      await expect(predict("e4")).rejects.toMatchObject({ code: "pool_closed" });
    });

    it("sums by category and status, exactly, as pools move", async () => {
      await create("e1", { poolId: "p" });
      await create("e2", { poolId: "q", category: "arts", stakedStroops: 2n ** 63n - 1n });
      await predict("e3");
      await predict("e4", 2n ** 63n - 1n, "acme", "q");
      expect(await totals({ category: "sports" })).toEqual([105n, 1, 1]);
      expect(await totals({ category: "arts" })).toEqual([2n ** 64n - 2n, 1, 1]);
      expect(await totals({ category: "Sports" })).toEqual([0n, 0, 0]);
      await adapters.pools.close("acme", "p", eventOf("e5"));
      expect(await totals({ status: "active" })).toEqual([2n ** 64n - 2n, 1, 1]);
      expect(await totals({ status: "closed", category: "sports" })).toEqual([105n, 1, 1]);
      await adapters.pools.settle("acme", "p", "yes", eventOf("e6"));
      expect(await totals({ status: "closed" })).toEqual([0n, 0, 0]);
      expect(await totals({ status: "settled" })).toEqual([105n, 1, 1]);
      expect(await totals()).toEqual([2n ** 64n + 103n, 2, 2]);
    });

    it("adds up when many predict on many pools at once while pools close", async () => {
      const pools = ["p", "q", "r"];
      for (const poolId of pools) await create(`c-${poolId}`, { poolId, stakedStroops: 0n });
      const work = Array.from({ length: 30 }, (_, index) =>
        predict(`e${index}`, 1n, "acme", pools[index % 3]),
      );
      const close = adapters.pools.close("acme", "r", eventOf("close-r"));
      const results = await Promise.allSettled([...work, close]);
      const placed = results.slice(0, -1).filter((result) => result.status === "fulfilled").length;
      expect(results.at(-1)?.status).toBe("fulfilled");
      expect(await totals()).toEqual([BigInt(placed), placed, 3]);
    });

    const idsOf = async (
      filter: PoolFilter,
      sort: PoolSort,
      limit: number,
    ): Promise<{ pages: string[][]; total: number }> => {
      const pages: string[][] = [];
      let after: PoolPosition | undefined;
      for (;;) {
        const page = await adapters.pools.list(filter, {
          sort,
          limit,
          ...(after === undefined ? {} : { after }),
        });
        pages.push(page.pools.map(({ poolId }) => poolId));
        const last = page.pools.at(-1);
        if (!page.hasNext || last === undefined) return { pages, total: page.total };
        after = { at: sortTimeOf(last, sort), id: last.poolId };
      }
    };

    it("lists everybody's pools page by page, in each order, ties by id bytewise", async () => {
      const later = new Date(NOW_MS + 1);
      // Bytewise "B" < "a" < "z" < "ä", in no language's order.
      await create("e1", { poolId: "z", endTime: later });
      await create("e2", { poolId: "a" }, "rival");
      await create("e3", { poolId: "B" });
      await create("e4", { poolId: "m", createdAt: later });
      expect(await idsOf({}, "newest", 3)).toEqual({ pages: [["m", "z", "a"], ["B"]], total: 4 });
      expect(await idsOf({}, "ending", 2)).toEqual({
        pages: [
          ["B", "a"],
          ["m", "z"],
        ],
        total: 4,
      });
    });

    it("lists by category and status, matching exactly, with the total of what matches", async () => {
      await create("e1", { poolId: "a", category: "sports" });
      await create("e2", { poolId: "b", category: "Sports" });
      await create("e3", { poolId: "c", category: "sports" });
      await adapters.pools.close("acme", "c", eventOf("e4"));
      const list = (filter: PoolFilter) => idsOf(filter, "newest", 10);
      expect(await list({ category: "sports" })).toEqual({ pages: [["c", "a"]], total: 2 });
      expect(await list({ status: "active" })).toEqual({ pages: [["b", "a"]], total: 2 });
      expect(await list({ category: "sports", status: "closed" })).toEqual({
        pages: [["c"]],
        total: 1,
      });
      expect(await list({ category: "weather" })).toEqual({ pages: [[]], total: 0 });
    });

    it("finds no drift after every kind of write", async () => {
      await create("e1");
      await create("e2", { poolId: "q", category: "politics" });
      await predict("e3");
      await adapters.pools.close("acme", "p", eventOf("e4"));
      await adapters.pools.settle("acme", "q", "yes", eventOf("e5"));
      expect(await adapters.pools.recount()).toEqual([]);
    });
  });
}
