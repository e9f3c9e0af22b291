import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  decodeTimeCursor,
  encodeTimeCursor,
  type TimePosition,
} from "../../contracts/keyset-page.ts";
import { ACTIVITY_TYPES, type ActivityType } from "./activity-event.ts";
import { STREAM_STATUSES, type StreamStatus, told } from "./stream.ts";
import {
  mustBe,
  newStream,
  START,
  type StreamFixture,
  type TestTime,
} from "./stream-fixture.contract.ts";
import type { StreamPageRequest } from "./stream-repository.ts";

const RUNS = { numRuns: 12 };

/** Where languages, code units and bytes disagree about the order. */
const id = fc
  .array(
    fc.constantFrom(
      "a",
      "B",
      "A",
      "b",
      "é",
      "e",
      "z",
      "Z",
      "-",
      "_",
      "|",
      " ",
      "10",
      "9",
      "ß",
      "😀",
      "ￚ",
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) => parts.join(""));

/** What the order must be: times, then the UTF-8 bytes of the id. */
function compare(a: TimePosition, b: TimePosition): number {
  return a.at.getTime() - b.at.getTime() || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
}

const after = (cursor: string | undefined) =>
  cursor === undefined ? {} : { after: decodeTimeCursor(cursor, () => true) };

/** How every adapter of the port must order and page its lists. */
export function describeStreamLists(
  adapter: string,
  make: (time: TestTime) => Promise<StreamFixture>,
): void {
  describe(`the lists of StreamRepository (${adapter})`, () => {
    const time: TestTime = { nowMs: START.getTime() };
    let fixture: StreamFixture;
    let tenants = 0;

    beforeEach(async () => {
      fixture = await make(time);
    });

    /** Nobody's yet, so that the runs of a property do not see each other's rows. */
    function nextTenant(): string {
      tenants += 1;
      return `tenant-${tenants}`;
    }

    /** What the test knows of one tenant's streams and events. */
    function begin(tenantId: string) {
      const statuses = new Map<string, StreamStatus>();
      const created: TimePosition[] = [];
      const events: (TimePosition & { streamId: string; type: ActivityType })[] = [];

      async function create(streamId: string): Promise<void> {
        if (statuses.has(streamId)) return;
        const reading = await fixture.streams.create(tenantId, newStream(streamId));
        statuses.set(streamId, "draft");
        created.push({ at: reading.stream.createdAt, id: streamId });
        const page = { limit: 1 };
        const { events: told } = await fixture.streams.listActivity(tenantId, { streamId }, page);
        for (const event of told) events.push({ at: event.happenedAt, ...event });
      }

      /** Takes a stream out of one list by status and puts it into another. */
      async function move(streamId: string, status: "ended" | "draft"): Promise<void> {
        await fixture.streams.withLock(tenantId, streamId, (locked) => {
          const type = status === "ended" ? "stream.ended" : "stream.paused";
          const change = told({ ...mustBe(locked), status }, type, locked.now);
          locked.save(change);
          statuses.set(streamId, status);
          events.push({ at: change.event.happenedAt, ...change.event });
        });
      }

      const listed = (status?: StreamStatus) =>
        created
          .filter((one) => status === undefined || statuses.get(one.id) === status)
          .toSorted(compare);
      return { create, move, listed, events, ids: () => [...statuses.keys()] };
    }

    it("pages through streams however they come, go and share their time", async () => {
      const step = fc.record({
        id,
        later: fc.nat(2),
        action: fc.constantFrom("create", "create", "take out", "put back", "page", "page"),
      });
      const steps = fc.array(step, { minLength: 5, maxLength: 25 });
      const filter = fc.constantFrom(undefined, "draft" as const, "ended" as const);
      await fc.assert(
        fc.asyncProperty(
          steps,
          fc.integer({ min: 1, max: 4 }),
          filter,
          async (plan, limit, status) => {
            time.nowMs = START.getTime();
            const tenantId = nextTenant();
            const model = begin(tenantId);
            let cursor: string | undefined;
            for (const { id: streamId, later, action } of plan) {
              time.nowMs += later;
              const isKnown = model.ids().includes(streamId);
              if (action === "create") await model.create(streamId);
              else if (action === "page") cursor = await page(cursor);
              else if (isKnown)
                await model.move(streamId, action === "take out" ? "ended" : "draft");
            }
            do cursor = await page(cursor);
            while (cursor !== undefined);

            /** One page, which must be what follows the cursor now; gives the next cursor. */
            async function page(from: string | undefined): Promise<string | undefined> {
              const request: StreamPageRequest = { limit, ...after(from) };
              const found = await fixture.streams.list(tenantId, status ? { status } : {}, request);
              const all = model.listed(status);
              const { after: position } = request;
              const following = all.filter(
                (one) => position === undefined || compare(one, position) > 0,
              );
              expect(found.streams.map((stream) => stream.id)).toEqual(
                following.slice(0, limit).map((one) => one.id),
              );
              expect([found.hasNext, found.total]).toEqual([following.length > limit, all.length]);
              const last = found.streams.at(-1);
              return found.hasNext && last
                ? encodeTimeCursor({ at: last.createdAt, id: last.id })
                : undefined;
            }
          },
        ),
        RUNS,
      );
    });

    it("pages through activity, newest first, of all, of a stream and of a type", async () => {
      const step = fc.record({ id: fc.constantFrom("s-1", "s-2", "S-3"), later: fc.nat(1) });
      const steps = fc.array(step, { minLength: 1, maxLength: 15 });
      const filter = fc.constantFrom({}, { streamId: "s-1" }, { type: "stream.ended" as const });
      await fc.assert(
        fc.asyncProperty(
          steps,
          steps,
          fc.integer({ min: 1, max: 4 }),
          filter,
          async (first, then, limit, by) => {
            time.nowMs = START.getTime();
            const tenantId = nextTenant();
            const model = begin(tenantId);
            const play = async (plan: typeof first) => {
              for (const { id: streamId, later } of plan) {
                time.nowMs += later;
                if (model.ids().includes(streamId)) await model.move(streamId, "ended");
                else await model.create(streamId);
              }
            };
            await play(first);
            const matches = ({ streamId, type }: (typeof model.events)[number]) =>
              (!("streamId" in by) || streamId === by.streamId) &&
              (!("type" in by) || type === by.type);
            const before = model.events.filter(matches).toSorted((a, b) => compare(b, a));
            let request: StreamPageRequest = { limit };
            const seen: string[] = [];
            for (let pages = 0; ; pages += 1) {
              const found = await fixture.streams.listActivity(tenantId, by, request);
              expect(found.total).toBe(model.events.filter(matches).length);
              seen.push(...found.events.map((event) => event.id));
              const last = found.events.at(-1);
              if (!found.hasNext || last === undefined) break;
              request = { limit, ...after(encodeTimeCursor({ at: last.happenedAt, id: last.id })) };
              // What happens meanwhile pushes nothing across a page's border.
              if (pages === 0) await play(then);
            }
            const known = before.map((event) => event.id);
            expect(seen.filter((one) => known.includes(one))).toEqual(known);
            expect(new Set(seen).size).toBe(seen.length);
          },
        ),
        RUNS,
      );
    });

    it("orders a stream's events as they happened, also within one millisecond", async () => {
      time.nowMs = START.getTime();
      const tenantId = nextTenant();
      const model = begin(tenantId);
      await model.create("s-1");
      for (const status of ["ended", "draft", "ended"] as const) await model.move("s-1", status);
      const filter = { streamId: "s-1" };
      const { events } = await fixture.streams.listActivity(tenantId, filter, { limit: 10 });
      expect(events.map(({ type }) => type)).toEqual([
        "stream.ended",
        "stream.paused",
        "stream.ended",
        "stream.created",
      ]);
      expect(events.map(({ happenedAt }) => happenedAt.getTime() - START.getTime())).toEqual([
        3, 2, 1, 0,
      ]);
    });

    it("goes on from a position that no item has", async () => {
      time.nowMs = START.getTime();
      const tenantId = nextTenant();
      const model = begin(tenantId);
      for (const streamId of ["b", "d"]) await model.create(streamId);
      const page = (from: string) =>
        fixture.streams.list(tenantId, {}, { limit: 10, after: { at: START, id: from } });
      expect((await page("a")).streams.map((stream) => stream.id)).toEqual(["b", "d"]);
      expect((await page("c")).streams.map((stream) => stream.id)).toEqual(["d"]);
      expect((await page("e")).streams).toEqual([]);
    });

    it("tells the size of each list by status and by type", async () => {
      time.nowMs = START.getTime();
      const tenantId = nextTenant();
      const model = begin(tenantId);
      for (const streamId of ["a", "b", "c"]) await model.create(streamId);
      await model.move("b", "ended");
      const sizes = await Promise.all(
        STREAM_STATUSES.map(async (status) => {
          const { total } = await fixture.streams.list(tenantId, { status }, { limit: 1 });
          return total;
        }),
      );
      expect(sizes).toEqual([2, 0, 0, 1, 0, 0]);
      const counts = await Promise.all(
        ACTIVITY_TYPES.map(async (type) => {
          const { total } = await fixture.streams.listActivity(tenantId, { type }, { limit: 1 });
          return total;
        }),
      );
      expect(counts).toEqual([3, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    });
  });
}
