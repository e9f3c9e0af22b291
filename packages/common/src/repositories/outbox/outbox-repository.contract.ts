import { beforeEach, describe, expect, it } from "vitest";
import {
  addToken,
  announcementOf,
  type CatalogAdapters,
  drain,
  type MakeAdapters,
} from "../token/catalog-fixtures.contract.ts";

export function describeOutboxRepository(name: string, makeAdapters: MakeAdapters): void {
  describe(`the outbox in ${name}`, () => {
    let adapters: CatalogAdapters;
    beforeEach(async () => {
      adapters = await makeAdapters();
    });

    const addTokens = async (addresses: readonly string[], topics: readonly string[]) => {
      for (const address of addresses) {
        const id = "018f0000-0000-7000-8000-000000000000";
        const event = { type: "token.created", payload: { tokenId: id } } as const;
        await adapters.tokens.create(
          "acme",
          {
            id: crypto.randomUUID(),
            address,
            name: address,
            symbol: "S",
            decimals: 0,
            totalSupply: 1n,
            metadataUri: undefined,
            listed: true,
            createdAt: new Date(adapters.time.nowMs),
          },
          announcementOf(event, "acme", topics),
        );
      }
    };

    it("gives each event to one relay, in the order of the queue", async () => {
      await addTokens(["A", "B", "C"], ["t"]);
      const batches = [await adapters.outbox.relay(2), await adapters.outbox.relay(2)];
      expect(batches.map((batch) => batch?.events.length)).toEqual([2, 1]);
      expect(await adapters.outbox.relay(2)).toBeUndefined();
    });

    it("gives an event as it was announced", async () => {
      const { token } = await addToken(adapters, "acme");
      const [event] = await drain(adapters);
      expect(event).toMatchObject({
        type: "token.created",
        tenantId: "acme",
        payload: { tokenId: token.id },
      });
    });

    it("raises a topic once per batch, never to a generation that was seen before", async () => {
      expect(await adapters.outbox.readGeneration("t")).toBe(0n);
      await addTokens(["A", "B"], ["t", "u"]);
      expect((await adapters.outbox.relay(10))?.raised).toHaveLength(2);
      const first = await adapters.outbox.readGeneration("t");
      const latest = await adapters.outbox.readLatestGeneration();
      await addTokens(["C"], ["t"]);
      await drain(adapters);
      const second = await adapters.outbox.readGeneration("t");
      expect(second).toBeGreaterThan(latest);
      expect(latest).toBeGreaterThanOrEqual(first);
    });

    it("leaves generations alone until a relay has taken the event", async () => {
      await addTokens(["A"], ["t"]);
      expect(await adapters.outbox.readGeneration("t")).toBe(0n);
    });

    it("tells what was raised since, and how long the queue has waited", async () => {
      const since = await adapters.outbox.readLatestGeneration();
      expect(await adapters.outbox.readNews(since)).toEqual({
        changes: [],
        oldestQueued: undefined,
        queuedForMs: 0,
      });
      await addTokens(["A"], ["t"]);
      const waiting = await adapters.outbox.readNews(since);
      expect(waiting.oldestQueued).toBeGreaterThan(0n);
      expect(waiting.queuedForMs).toBeGreaterThanOrEqual(0);
      await drain(adapters);
      const news = await adapters.outbox.readNews(since);
      expect(news.changes.map((change) => change.topic)).toEqual(["t"]);
      expect(news.oldestQueued).toBeUndefined();
      const generation = await adapters.outbox.readGeneration("t");
      expect((await adapters.outbox.readNews(generation)).changes).toEqual([]);
    });

    it("refuses an event that the catalogue does not know, and the write with it", async () => {
      const event = { type: "token.renamed", payload: {} } as never;
      const token = { ...(await addToken(adapters, "acme", { address: "A" })).token, address: "B" };
      const announcement = announcementOf(event, "acme");
      await expect(
        adapters.tokens.create("acme", { ...token, id: crypto.randomUUID() }, announcement),
      ).rejects.toThrow("catalogue");
      expect(await adapters.tokens.find("acme", "B")).toBeUndefined();
    });
  });
}
