import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import type { TimePosition } from "../../contracts/keyset-page.ts";
import { CHARGED, REFUSED, settleIntent } from "../../testing/settle-intent.ts";
import type { NewUsageEvent } from "../usage-event/usage-event.ts";
import {
  LATER,
  markerOf,
  NOW,
  newEvent,
  type UsageEventFixture,
} from "../usage-event/usage-event-repository.contract.ts";
import type { UsageFilter, UsageGrouping, UsageReports } from "./usage-report.ts";

export interface UsageReportFixture extends UsageEventFixture {
  reports: UsageReports;
}

const DAY_MS = 86_400_000;
const NEXT_DAY = new Date(NOW.getTime() + DAY_MS);

/** What every adapter of the port must do. */
export function describeUsageReports(
  adapter: string,
  make: () => Promise<UsageReportFixture>,
): void {
  describe(`UsageReports (${adapter})`, () => {
    let fixture: UsageReportFixture;
    let reports: UsageReports;
    let journal: SubmissionJournal;

    const accept = async (changes: Partial<NewUsageEvent>, tenantId = "acme") => {
      const event = newEvent({ id: uuidv7(), requestId: uuidv7(), ...changes });
      const api = { apiId: event.apiId, name: "API", payoutAddress: "G" };
      await fixture.vaults.put(
        tenantId,
        { userId: event.userId, contractId: `C-${tenantId}` },
        NOW,
      );
      await fixture.apis.put(tenantId, api, NOW);
      await fixture.events.accept(tenantId, event, markerOf(tenantId, event));
      return event;
    };
    const idsOf = async (filter: UsageFilter, tenantId = "acme") =>
      (await reports.list(tenantId, filter, { limit: 100 })).events.map(({ id }) => id);
    const summarise = (groupBy: UsageGrouping, filter: UsageFilter = {}) =>
      reports.summarise("acme", groupBy, filter, { limit: 100 });

    beforeEach(async () => {
      fixture = await make();
      ({ reports, journal } = fixture);
    });

    it("lists newest first and breaks ties by id, descending", async () => {
      const a = await accept({ id: "019a2b3c-0000-7000-8000-000000000001" });
      const b = await accept({ id: "019a2b3c-0000-7000-8000-00000000000a" });
      const later = await accept({ id: "019a2b3c-0000-7000-8000-000000000000", createdAt: LATER });
      expect(await idsOf({})).toEqual([later.id, b.id, a.id]);
      const page = await reports.list("acme", {}, { limit: 2 });
      expect(page).toMatchObject({
        hasNext: true,
        total: 3,
        events: [{ id: later.id }, { id: b.id, amountStroops: b.amountStroops, createdAt: NOW }],
      });
    });

    it("selects by each field and by all of them together", async () => {
      const event = await accept({});
      const user = await accept({ userId: "bob" });
      const api = await accept({ apiId: "maps" });
      const endpoint = await accept({ endpointId: "history" });
      const all = [event, user, api, endpoint].map(({ id }) => id);
      const others = (id: string) => all.filter((other) => other !== id).toSorted();
      expect((await idsOf({ userId: "ada" })).toSorted()).toEqual(others(user.id));
      expect((await idsOf({ apiId: "weather" })).toSorted()).toEqual(others(api.id));
      expect((await idsOf({ endpointId: "forecast" })).toSorted()).toEqual(others(endpoint.id));
      const one = { userId: "ada", apiId: "weather", endpointId: "forecast", status: "pending" };
      expect(await idsOf(one as UsageFilter)).toEqual([event.id]);
      expect(await idsOf({ userId: "a%" })).toEqual([]);
    });

    it("selects by status", async () => {
      const pending = await accept({});
      const charged = await accept({});
      const failed = await accept({});
      await settleIntent(journal, charged.id, CHARGED, LATER.getTime());
      await settleIntent(journal, failed.id, REFUSED, LATER.getTime());
      expect(await idsOf({ status: "pending" })).toEqual([pending.id]);
      expect(await idsOf({ status: "confirmed" })).toEqual([charged.id]);
      expect(await idsOf({ status: "failed" })).toEqual([failed.id]);
    });

    it("takes `from` inclusive and `to` exclusive", async () => {
      const first = await accept({ createdAt: NOW });
      const second = await accept({ createdAt: LATER });
      expect(await idsOf({ from: NOW, to: LATER })).toEqual([first.id]);
      expect(await idsOf({ from: LATER })).toEqual([second.id]);
      expect(await idsOf({ to: NOW })).toEqual([]);
    });

    it("shows no tenant another's usage", async () => {
      const own = await accept({});
      const foreign = await accept({}, "globex");
      await settleIntent(journal, foreign.id, CHARGED, LATER.getTime());
      expect(await idsOf({})).toEqual([own.id]);
      expect(await reports.list("initech", {}, { limit: 1 })).toEqual({
        events: [],
        hasNext: false,
        total: 0,
      });
      expect(await summarise("user")).toMatchObject({ groups: [], total: 0, count: 0 });
    });

    it("gives each event once and in order, page by page, while others are inserted", async () => {
      const anyTime = fc.integer({ min: 0, max: 3 }).map((ms) => new Date(NOW.getTime() + ms));
      const times = fc.array(anyTime, { minLength: 1, maxLength: 12 });
      const inserts = fc.array(anyTime, { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(
          times,
          inserts,
          fc.integer({ min: 1, max: 5 }),
          async (at, more, limit) => {
            const tenantId = uuidv7();
            for (const createdAt of at) await accept({ createdAt }, tenantId);
            const whole = await idsOf({}, tenantId);
            expect(whole).toHaveLength(at.length);
            const pending = [...more];
            const seen: string[] = [];
            let after: TimePosition | undefined;
            for (let hasNext = true; hasNext; ) {
              const page = await reports.list(tenantId, {}, { limit, after });
              seen.push(...page.events.map(({ id }) => id));
              const last = page.events.at(-1);
              if (last !== undefined) after = { at: last.createdAt, id: last.id };
              ({ hasNext } = page);
              const createdAt = pending.pop();
              if (createdAt !== undefined) await accept({ createdAt }, tenantId);
            }
            expect(new Set(seen).size).toBe(seen.length);
            expect(seen.filter((id) => whole.includes(id))).toEqual(whole);
            const order = await idsOf({}, tenantId);
            expect(seen).toEqual(order.filter((id) => seen.includes(id)));
          },
        ),
        { numRuns: 25 },
      );
    });

    it("sums confirmed charges alone, exactly, by each grouping", async () => {
      const most = 2n ** 63n - 1n;
      const charges = [
        await accept({ amountStroops: most }),
        await accept({ amountStroops: most, userId: "bob", createdAt: NEXT_DAY }),
        await accept({ amountStroops: 1n, apiId: "maps", endpointId: "route" }),
      ];
      await accept({ amountStroops: 5n });
      const failed = await accept({ amountStroops: 7n });
      await settleIntent(journal, failed.id, REFUSED, NEXT_DAY.getTime());
      for (const { id } of charges) await settleIntent(journal, id, CHARGED, NEXT_DAY.getTime());
      const totals = { count: 3, amountStroops: 2n * most + 1n, total: 2, hasNext: false };
      const two = (first: [string, number, bigint], second: [string, number, bigint]) => ({
        ...totals,
        groups: [first, second].map(([key, count, amountStroops]) => ({
          key,
          count,
          amountStroops,
        })),
      });
      expect(await summarise("user")).toEqual(two(["ada", 2, most + 1n], ["bob", 1, most]));
      expect(await summarise("api")).toEqual(two(["maps", 1, 1n], ["weather", 2, 2n * most]));
      expect(await summarise("endpoint")).toEqual(
        two(["forecast", 2, 2n * most], ["route", 1, 1n]),
      );
      expect(await summarise("day")).toEqual(
        two(["2026-03-01", 2, most + 1n], ["2026-03-02", 1, most]),
      );
      expect(await summarise("day", { from: NEXT_DAY, userId: "bob" })).toMatchObject({
        groups: [{ key: "2026-03-02" }],
        total: 1,
        count: 1,
      });
    });

    it("pages through groups byte by byte, with the totals of all on each page", async () => {
      for (const userId of ["b", "B", "a-", "a", "~"]) {
        const { id } = await accept({ userId });
        await settleIntent(journal, id, CHARGED, LATER.getTime());
      }
      const keys: string[] = [];
      for (let hasNext = true; hasNext; ) {
        const page = { limit: 2, afterKey: keys.at(-1) };
        const summary = await reports.summarise("acme", "user", {}, page);
        expect(summary).toMatchObject({ total: 5, count: 5 });
        keys.push(...summary.groups.map(({ key }) => key));
        ({ hasNext } = summary);
      }
      expect(keys).toEqual(["B", "a", "a-", "b", "~"]);
    });
  });
}
