import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { Clock } from "../../contracts/clock.ts";
import { uuidv7 } from "../../contracts/id.ts";
import type { TimePosition } from "../../contracts/keyset-page.ts";
import { type ExportAuditRecord, type NewExportJob, statusAt } from "./export-job.ts";
import type { ExportRepository, TenantExport } from "./export-repository.ts";

const START_MS = Date.parse("2026-03-01T12:00:00.000Z");
const DAY_MS = 86_400_000;
const LEASE = { owner: "instance-1", leaseMs: 10_000, maxAttempts: 3 };
const FILE = { rows: 7, bytes: 1_234, sha256: "ab".repeat(32) };
const MAX_PENDING = 1_000;

export type MakeExportRepository = (clock: Clock) => Promise<ExportRepository>;

/** What every adapter of the port must do. */
export function describeExportRepository(adapter: string, make: MakeExportRepository): void {
  describe(`ExportRepository (${adapter})`, () => {
    let exports: ExportRepository;
    let nowMs: number;

    beforeEach(async () => {
      nowMs = START_MS;
      exports = await make(() => nowMs);
    });

    const newJob = (changes: Partial<NewExportJob> = {}): NewExportJob => ({
      id: uuidv7(nowMs),
      owner: "key:1",
      kind: "usage",
      format: "csv",
      createdAt: new Date(nowMs),
      expiresAt: new Date(nowMs + 7 * DAY_MS),
      ...changes,
    });
    const create = (changes: Partial<NewExportJob> = {}, tenantId = "acme") =>
      exports.create(tenantId, newJob(changes), MAX_PENDING);
    const lease = async (): Promise<TenantExport> => {
      const leased = await exports.lease(LEASE);
      if (leased === undefined) throw new Error("nothing is due");
      return leased;
    };
    const record = (event: ExportAuditRecord["event"], at = nowMs): ExportAuditRecord => ({
      id: uuidv7(at),
      event,
      actor: "link",
      details: { requestId: "r-1", bytes: 3 },
      recordedAt: new Date(at),
    });
    const eventsOf = async (id: string, tenantId = "acme") =>
      (await exports.listAudit(tenantId, id, { limit: 100 })).records.map(({ event }) => event);

    describe("a new job", () => {
      it("is pending, as it was asked for, and told of once", async () => {
        const from = new Date(START_MS - DAY_MS);
        const to = new Date(START_MS);
        const wanted = newJob({ kind: "activity", format: "ndjson", from, to });
        const job = await exports.create("acme", wanted, MAX_PENDING);
        const expected = {
          ...wanted,
          status: "pending",
          attempts: 0,
          epoch: 0,
          rows: 0,
          bytes: 0,
        };
        expect(job).toEqual(expected);
        expect(await exports.find("acme", job.id)).toEqual(expected);
        const { records } = await exports.listAudit("acme", job.id, { limit: 10 });
        expect(records).toEqual([
          {
            id: expect.any(String),
            event: "export.requested",
            actor: "key:1",
            details: { kind: "activity", format: "ndjson" },
            recordedAt: wanted.createdAt,
          },
        ]);
      });

      it("is refused, and nothing stored, while too many of its tenant wait", async () => {
        await create();
        await create();
        await expect(exports.create("acme", newJob(), 2)).rejects.toMatchObject({
          code: "backlog_full",
        });
        expect((await exports.list("acme", "key:1", { limit: 10 })).total).toBe(2);
        nowMs += 1;
        await exports.create("globex", newJob(), 2);
        await exports.finish(await lease(), FILE);
        await exports.create("acme", newJob(), 2);
      });

      it("belongs to its tenant alone", async () => {
        const { id } = await create();
        expect(await exports.find("globex", id)).toBeUndefined();
        expect((await exports.list("globex", "key:1", { limit: 10 })).total).toBe(0);
        expect(await eventsOf(id, "globex")).toEqual([]);
      });
    });

    describe("the list", () => {
      it("has one owner's, newest first, equal times by id", async () => {
        const createdAt = new Date(nowMs);
        const ids = ["0000000a", "00000001"].map((start) => `${start}-0000-7000-8000-000000000000`);
        await create({ id: ids[0] ?? "", createdAt });
        await create({ id: ids[1] ?? "", createdAt });
        await create({ owner: "key:2" });
        const { id: newest } = await create({ createdAt: new Date(nowMs + 1) });
        const page = await exports.list("acme", "key:1", { limit: 2 });
        expect(page).toMatchObject({
          hasNext: true,
          total: 3,
          jobs: [{ id: newest }, { id: ids[0] }],
        });
        const after = { at: createdAt, id: ids[0] ?? "" };
        const rest = await exports.list("acme", "key:1", { limit: 2, after });
        expect(rest).toMatchObject({ hasNext: false, total: 3, jobs: [{ id: ids[1] }] });
      });

      it("gives each job once and in order, page by page, while others are created", async () => {
        const someTime = fc.integer({ min: 0, max: 2 }).map((ms) => new Date(START_MS + ms));
        await fc.assert(
          fc.asyncProperty(
            fc.array(someTime, { minLength: 1, maxLength: 8 }),
            fc.array(someTime, { maxLength: 3 }),
            fc.integer({ min: 1, max: 4 }),
            async (times, more, limit) => {
              const owner = uuidv7();
              for (const createdAt of times) await create({ owner, createdAt });
              const listed = async () =>
                (await exports.list("acme", owner, { limit: 100 })).jobs.map(({ id }) => id);
              const whole = await listed();
              const pending = [...more];
              const seen: string[] = [];
              let after: TimePosition | undefined;
              for (let hasNext = true; hasNext; ) {
                const page = await exports.list("acme", owner, { limit, ...(after && { after }) });
                seen.push(...page.jobs.map(({ id }) => id));
                const last = page.jobs.at(-1);
                if (last !== undefined) after = { at: last.createdAt, id: last.id };
                ({ hasNext } = page);
                const createdAt = pending.pop();
                if (createdAt !== undefined) await create({ owner, createdAt });
              }
              expect(new Set(seen).size).toBe(seen.length);
              expect(seen.filter((id) => whole.includes(id))).toEqual(whole);
              expect(seen).toEqual((await listed()).filter((id) => seen.includes(id)));
            },
          ),
          { numRuns: 15 },
        );
      });
    });

    describe("a lease", () => {
      it("is one instance's until it expires", async () => {
        const { id } = await create();
        const first = await lease();
        expect(first).toMatchObject({ tenantId: "acme", job: { id, attempts: 1, epoch: 1 } });
        expect(await exports.lease(LEASE)).toBeUndefined();
        nowMs += LEASE.leaseMs;
        expect(await lease()).toMatchObject({ job: { id, attempts: 2, epoch: 2 } });
      });

      it("goes on for as long as it is renewed, and shows how far the work is", async () => {
        const { id } = await create();
        const leased = await lease();
        nowMs += LEASE.leaseMs - 1;
        const progress = { rows: 500, bytes: 9_000_000_000, estimatedRows: 1_000 };
        expect(await exports.renew(leased, progress, LEASE.leaseMs)).toBe(true);
        expect(await exports.find("acme", id)).toMatchObject({ status: "pending", ...progress });
        nowMs += LEASE.leaseMs - 1;
        expect(await exports.lease(LEASE)).toBeUndefined();
      });

      it("that was lost changes nothing any more", async () => {
        const { id } = await create();
        const lost = await lease();
        nowMs += LEASE.leaseMs;
        const current = await lease();
        const before = await exports.find("acme", id);
        expect(await exports.renew(lost, { rows: 1, bytes: 1 }, 60_000)).toBe(false);
        expect(await exports.finish(lost, FILE)).toBe(false);
        expect(await exports.fail(lost, "storage_full")).toBe(false);
        expect(await exports.retry(lost, 0)).toBe(false);
        expect(await exports.release(lost)).toBe(false);
        expect(await exports.find("acme", id)).toEqual(before);
        expect(await exports.finish(current, FILE)).toBe(true);
      });

      it("that expired while nobody else took it still ends in a file", async () => {
        await create();
        const leased = await lease();
        nowMs += LEASE.leaseMs * 2;
        expect(await exports.finish(leased, FILE)).toBe(true);
      });

      it("ends in a file", async () => {
        const { id } = await create();
        const leased = await lease();
        nowMs += 5_000;
        expect(await exports.finish(leased, FILE)).toBe(true);
        const finishedAt = new Date(nowMs);
        expect(await exports.find("acme", id)).toMatchObject({
          status: "ready",
          ...FILE,
          finishedAt,
        });
        expect(await exports.finish(leased, FILE)).toBe(false);
        nowMs += DAY_MS;
        expect(await exports.lease(LEASE)).toBeUndefined();
      });

      it("ends in a failure, and says why", async () => {
        const { id } = await create();
        expect(await exports.fail(await lease(), "file_too_large")).toBe(true);
        expect(await exports.find("acme", id)).toMatchObject({
          status: "failed",
          failure: "file_too_large",
          finishedAt: new Date(nowMs),
        });
        nowMs += DAY_MS;
        expect(await exports.lease(LEASE)).toBeUndefined();
      });

      it("is handed back for later", async () => {
        await create();
        expect(await exports.retry(await lease(), 5_000)).toBe(true);
        expect(await exports.lease(LEASE)).toBeUndefined();
        nowMs += 5_000;
        expect(await lease()).toMatchObject({ job: { attempts: 2, epoch: 2, rows: 0 } });
      });

      it("is handed back at once by who stops, without counting as an attempt", async () => {
        await create();
        expect(await exports.release(await lease())).toBe(true);
        expect(await lease()).toMatchObject({ job: { attempts: 1, epoch: 2 } });
      });

      it("is not given once the attempts are used up, however they ended: the job fails", async () => {
        const { id } = await create();
        await exports.retry(await lease(), 0);
        await exports.retry(await lease(), 0);
        await lease();
        expect(await exports.lease(LEASE)).toBeUndefined();
        expect(await exports.find("acme", id)).toMatchObject({ status: "pending", attempts: 3 });
        nowMs += LEASE.leaseMs;
        expect(await exports.lease(LEASE)).toBeUndefined();
        expect(await exports.find("acme", id)).toMatchObject({
          status: "failed",
          failure: "attempts_exhausted",
          finishedAt: new Date(nowMs),
        });
      });

      it("goes to the job that waits longest, of the tenant that has the fewest at work", async () => {
        const [first, second] = [await create(), await create()];
        nowMs += 1;
        const other = await create({}, "globex");
        nowMs += 1;
        const last = await create({}, "globex");
        const order = [await lease(), await lease(), await lease(), await lease()];
        const ids = order.map(({ job }) => job.id);
        expect(ids.slice(0, 2)).toEqual([
          [first, second].map(({ id }) => id).toSorted()[0],
          other.id,
        ]);
        expect(ids.slice(2)).toEqual([[first, second].map(({ id }) => id).toSorted()[1], last.id]);
      });
    });

    describe("retention", () => {
      it("finds what is past it, the oldest first, whatever became of it", async () => {
        const overdue = [
          await create({ expiresAt: new Date(nowMs + 2_000) }),
          await create({ expiresAt: new Date(nowMs + 1_000) }),
        ];
        await create();
        const leased = await lease();
        await exports.finish(leased, FILE);
        expect(await exports.listOverdue(10)).toEqual([]);
        nowMs += 2_000;
        const found = await exports.listOverdue(10);
        expect(found.map(({ job }) => job.id)).toEqual([overdue[1]?.id, overdue[0]?.id]);
        expect(await exports.listOverdue(1)).toHaveLength(1);
      });

      it("marks a job once and tells of it once, by whoever comes first", async () => {
        const { id } = await create({ expiresAt: new Date(nowMs + 1_000) });
        expect(await exports.expire("acme", id, record("export.expired"))).toBe(false);
        nowMs += 1_000;
        const expired = await Promise.all(
          [1, 2, 3].map(() => exports.expire("acme", id, record("export.expired"))),
        );
        expect(expired.filter(Boolean)).toHaveLength(1);
        expect(await eventsOf(id)).toEqual(["export.requested", "export.expired"]);
        expect(await exports.find("acme", id)).toMatchObject({ status: "expired" });
        expect(await exports.listOverdue(10)).toEqual([]);
      });

      it("ends a lease: there is no file after it, and no new lease", async () => {
        const { id } = await create({ expiresAt: new Date(nowMs + 1_000) });
        const leased = await lease();
        nowMs += 1_000;
        await exports.expire("acme", id, record("export.expired"));
        expect(await exports.finish(leased, FILE)).toBe(false);
        nowMs += LEASE.leaseMs;
        expect(await exports.lease(LEASE)).toBeUndefined();
      });

      it("gives no lease of a job that is overdue and not marked yet", async () => {
        await create({ expiresAt: new Date(nowMs + 1_000) });
        nowMs += 1_000;
        expect(await exports.lease(LEASE)).toBeUndefined();
      });

      it("is told by the time alone", async () => {
        const job = await create({ expiresAt: new Date(nowMs + 1_000) });
        expect(statusAt(job, new Date(nowMs + 999))).toBe("pending");
        expect(statusAt(job, new Date(nowMs + 1_000))).toBe("expired");
      });
    });

    describe("the audit", () => {
      it("has every download, in order, page by page", async () => {
        const { id } = await create();
        for (const after of [3, 1, 2]) {
          await exports.recordDownload("acme", id, record("export.downloaded", START_MS + after));
        }
        const first = await exports.listAudit("acme", id, { limit: 2 });
        expect(first).toMatchObject({ hasNext: true, total: 4 });
        const last = first.records[1];
        if (last === undefined) throw new Error("the page has two records");
        expect(last).toEqual({ ...record("export.downloaded", START_MS + 1), id: last.id });
        const after = { at: last.recordedAt, id: last.id };
        const rest = await exports.listAudit("acme", id, { limit: 10, after });
        expect(rest.records.map(({ recordedAt }) => recordedAt.getTime() - START_MS)).toEqual([
          2, 3,
        ]);
        expect(rest.hasNext).toBe(false);
      });
    });

    it("counts what waits, what is at work and what ended, until its retention is over", async () => {
      expect(await exports.count()).toEqual({ pending: 0, running: 0, ready: 0, failed: 0 });
      for (let job = 0; job < 3; job += 1) await create();
      await exports.finish(await lease(), FILE);
      await exports.fail(await lease(), "storage_full");
      await create({}, "globex");
      await lease();
      expect(await exports.count()).toEqual({ pending: 1, running: 1, ready: 1, failed: 1 });
      nowMs += 7 * DAY_MS;
      expect(await exports.count()).toEqual({ pending: 0, running: 0, ready: 0, failed: 0 });
    });
  });
}
