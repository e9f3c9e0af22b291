import { buffer } from "node:stream/consumers";
import type { Clock } from "@orrery/common/contracts/clock";
import type { ObjectStore } from "@orrery/common/object-store/object-store";
import { MemoryObjectStore } from "@orrery/common/object-store/object-store.memory";
import type { ExportRepository } from "@orrery/common/repositories/export/export-repository";
import { MemoryExportRepository } from "@orrery/common/repositories/export/export-repository.memory";
import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  createExportFixture,
  EXPORT_DAY_MS,
  type ExportFixture,
} from "../../test/export-fixture.ts";

const OWNER = { tenantId: "acme", principal: "key:1" };
const NOTHING = {
  events: { values: () => [] },
  streams: {
    list: async () => ({ streams: [], asOf: new Date(), hasNext: false, total: 0 }),
    listActivity: async () => ({ events: [], hasNext: false, total: 0 }),
  },
};
const LEASE = { owner: "another", leaseMs: 15_000, maxAttempts: 3 };

/** A store that does what the test says before it does its work. */
class WatchedStore extends MemoryObjectStore {
  readonly keys: string[] = [];
  readonly sweeps: Date[] = [];
  beforePut: () => Promise<void> = async () => {};
  beforeDelete: (key: string) => Promise<void> = async () => {};

  override async put(...put: Parameters<ObjectStore["put"]>) {
    this.keys.push(put[0]);
    await this.beforePut();
    return super.put(...put);
  }

  override async delete(key: string) {
    await this.beforeDelete(key);
    await super.delete(key);
  }

  override async removeAbandoned(begunBefore: Date = new Date(0)) {
    this.sweeps.push(begunBefore);
    return 0;
  }
}

/** Exports in a database that can be away. */
class WatchedExports extends MemoryExportRepository {
  isAway = false;
  /** Progress and length of each renewal that was tried. */
  readonly renewals: [object, number][] = [];

  override async renew(...renewal: Parameters<ExportRepository["renew"]>) {
    this.renewals.push([renewal[1], renewal[2]]);
    if (this.isAway) throw new Error("the database is away");
    return super.renew(...renewal);
  }

  override async count() {
    if (this.isAway) throw new Error("the database is away");
    return super.count();
  }
}

describe("ExportWorker", () => {
  let store: WatchedStore;
  let exports: WatchedExports;
  let fixture: ExportFixture;

  beforeEach(() => {
    store = new WatchedStore();
    const makeExports = (clock: Clock) => {
      exports = new WatchedExports(clock);
      return exports;
    };
    fixture = createExportFixture({ ...NOTHING, store, makeExports });
  });

  const create = () => fixture.service.create(OWNER, { kind: "usage", format: "csv" });
  const find = async (id: string) => {
    const job = await fixture.exports.find("acme", id);
    if (job === undefined) throw new Error("there is no such export");
    return job;
  };
  const fileOf = async (id: string, epoch: number) => {
    const file = await store.read(`exports/acme/${id}-${epoch}.csv`);
    return file === undefined ? undefined : (await buffer(file)).toString();
  };

  it("writes a file, once, however often it looks", async () => {
    const { id } = await create();
    await fixture.write();
    await fixture.write();
    expect(await find(id)).toMatchObject({ status: "ready", attempts: 1, rows: 0 });
    expect(await fileOf(id, 1)).toMatch(/^usageEventId,/);
    expect(store.keys).toHaveLength(1);
  });

  it("writes no more files at a time than it may, and says when there is room", async () => {
    for (let job = 0; job < 3; job += 1) await create();
    const gate = Promise.withResolvers<void>();
    store.beforePut = () => gate.promise;
    let freed = 0;
    const worker = fixture.newWorker({
      onFree: () => {
        freed += 1;
      },
    });
    await worker.run();
    await worker.run();
    expect(await fixture.exports.count()).toMatchObject({ running: 2, pending: 1 });
    gate.resolve();
    await worker.drained();
    expect(freed).toBe(2);
    await worker.run();
    await worker.drained();
    expect(await fixture.exports.count()).toMatchObject({ ready: 3 });
  });

  it("tries again after a while when the store does not answer, then gives up", async () => {
    const { id } = await create();
    store.beforePut = async () => {
      throw new Error("nobody answers");
    };
    await fixture.write();
    fixture.time.nowMs += 999;
    await fixture.write();
    expect(await find(id)).toMatchObject({ status: "pending", attempts: 1 });
    fixture.time.nowMs += 1;
    await fixture.write();
    fixture.time.nowMs += 1_999;
    await fixture.write();
    expect(await find(id)).toMatchObject({ status: "pending", attempts: 2 });
    fixture.time.nowMs += 1;
    await fixture.write();
    expect(await find(id)).toMatchObject({ status: "pending", attempts: 3 });
    await fixture.write();
    expect(await find(id)).toMatchObject({ status: "failed", failure: "attempts_exhausted" });
    expect(fixture.said).toHaveLength(3);
  });

  it("writes the file in a later attempt, to a place of its own", async () => {
    const { id } = await create();
    store.beforePut = async () => {
      store.beforePut = async () => {};
      throw new Error("nobody answers");
    };
    await fixture.write();
    fixture.time.nowMs += 1_000;
    await fixture.write();
    expect(await find(id)).toMatchObject({ status: "ready", epoch: 2 });
    expect(store.keys).toEqual([`exports/acme/${id}-1.csv`, `exports/acme/${id}-2.csv`]);
  });

  it("fails at once where no further attempt would help, and keeps nothing of the file", async () => {
    const { id: large } = await create();
    await fixture.write({ maxBytes: 10 });
    expect(await find(large)).toMatchObject({ status: "failed", failure: "file_too_large" });
    expect(await fileOf(large, 1)).toBeUndefined();
    const full = createExportFixture({ ...NOTHING, store: new MemoryObjectStore(10) });
    const { id } = await full.service.create(OWNER, { kind: "usage", format: "csv" });
    await full.write();
    const failed = { status: "failed", failure: "storage_full" };
    expect(await full.exports.find("acme", id)).toMatchObject(failed);
  });

  it("leaves the job to who took it over, and removes the file that nobody will ask for", async () => {
    const { id } = await create();
    store.beforePut = async () => {
      fixture.time.nowMs += LEASE.leaseMs;
      await fixture.exports.lease(LEASE);
    };
    await fixture.newWorker().run();
    await vi.waitUntil(() => store.keys.length === 1);
    await vi.waitFor(async () => expect(await find(id)).toMatchObject({ epoch: 2 }));
    const worker = fixture.newWorker();
    await worker.drained();
    await vi.waitFor(async () => expect(await fileOf(id, 1)).toBeUndefined());
    expect(await find(id)).toMatchObject({ status: "pending", epoch: 2, attempts: 2 });
  });

  it("ends an attempt as soon as it hears that another has the lease", async () => {
    const { id } = await create();
    const gate = Promise.withResolvers<void>();
    store.beforePut = () => gate.promise;
    const worker = fixture.newWorker({ leaseMs: 30 });
    await worker.run();
    fixture.time.nowMs += 30;
    await fixture.exports.lease(LEASE);
    await vi.waitFor(async () => expect(await find(id)).toMatchObject({ epoch: 2 }));
    const known = exports.renewals.length;
    // The second one begins when the first was answered.
    await vi.waitUntil(() => exports.renewals.length > known + 1);
    gate.resolve();
    await worker.drained();
    expect(await fileOf(id, 1)).toBeUndefined();
    expect(fixture.said.at(-1)).toMatchObject({
      err: { message: "another instance has the lease" },
    });
    expect(await find(id)).toMatchObject({ status: "pending", epoch: 2 });
  });

  it("ends an attempt whose lease nobody could renew in time", async () => {
    const { id } = await create();
    const gate = Promise.withResolvers<void>();
    store.beforePut = () => gate.promise;
    exports.isAway = true;
    const worker = fixture.newWorker({ leaseMs: 30 });
    await worker.run();
    fixture.time.nowMs += 30;
    await vi.waitUntil(() => fixture.said.length > 1);
    gate.resolve();
    await worker.drained();
    expect(await fileOf(id, 1)).toBeUndefined();
    expect(fixture.said.at(-1)).toMatchObject({ err: { message: "the lease ran out" } });
    expect(await find(id)).toMatchObject({ status: "pending", epoch: 1 });
  });

  it("shows how far it has come while it writes", async () => {
    const { id } = await create();
    const gate = Promise.withResolvers<void>();
    store.beforePut = () => gate.promise;
    const worker = fixture.newWorker({ leaseMs: 30 });
    await worker.run();
    await vi.waitUntil(() => exports.renewals.length > 1);
    gate.resolve();
    await worker.drained();
    expect(exports.renewals[0]).toEqual([{ rows: 0, bytes: 0 }, 30]);
    expect(await find(id)).toMatchObject({ status: "ready" });
  });

  it("hands back what it is at when the process stops, and begins nothing more", async () => {
    const { id } = await create();
    const gate = Promise.withResolvers<void>();
    store.beforePut = () => gate.promise;
    const worker = fixture.newWorker();
    await worker.run();
    worker.stop();
    gate.resolve();
    await worker.drained();
    expect(await find(id)).toMatchObject({ status: "pending", attempts: 0 });
    await worker.run();
    expect(await fixture.exports.count()).toMatchObject({ pending: 1, running: 0 });
    store.beforePut = async () => {};
    await fixture.write();
    expect(await find(id)).toMatchObject({ status: "ready", attempts: 1, epoch: 2 });
  });

  it("takes no longer than it may", async () => {
    const { id } = await create();
    store.beforePut = () => vi.waitUntil(() => late.aborted, { timeout: 5_000 }).then(() => {});
    const late = AbortSignal.timeout(20);
    await fixture.newWorker({ maxMs: 10 }).run();
    await vi.waitUntil(() => fixture.said.length > 0);
    expect(await find(id)).toMatchObject({ status: "pending", attempts: 1 });
  });
});

describe("ExportRetentionJob", () => {
  it("removes every file that an attempt may have left, then tells of it once", async () => {
    const store = new WatchedStore();
    const fixture = createExportFixture({ ...NOTHING, store });
    const { id } = await fixture.service.create(OWNER, { kind: "usage", format: "csv" });
    const young = await fixture.service.create(OWNER, { kind: "usage", format: "csv" });
    await fixture.write();
    async function* left() {
      yield Buffer.from("a zombie's");
    }
    fixture.time.nowMs += 7 * EXPORT_DAY_MS;
    const { expiresAt } = young;
    expect(expiresAt.getTime()).toBe(fixture.time.nowMs);
    await store.put(`exports/acme/${id}-1.csv`, left());
    await fixture.retention.run();
    await fixture.retention.run();
    expect(await store.findBytes(`exports/acme/${id}-1.csv`)).toBeUndefined();
    const { records } = await fixture.exports.listAudit("acme", id, { limit: 10 });
    expect(records.map(({ event }) => event)).toEqual(["export.requested", "export.expired"]);
    expect(records[1]).toMatchObject({ actor: "system", details: {} });
    expect(await fixture.exports.listOverdue(10)).toEqual([]);
  });

  it("does the others when one cannot be removed, and that one the next time", async () => {
    const store = new WatchedStore();
    const fixture = createExportFixture({ ...NOTHING, store });
    const stuck = await fixture.service.create(OWNER, { kind: "usage", format: "csv" });
    fixture.time.nowMs += 1;
    const other = await fixture.service.create(OWNER, { kind: "usage", format: "csv" });
    await fixture.write();
    fixture.time.nowMs += 7 * EXPORT_DAY_MS;
    store.beforeDelete = async (key) => {
      if (key.includes(stuck.id)) throw new Error("nobody answers");
    };
    await fixture.retention.run();
    const statusOf = async (id: string) => (await fixture.exports.find("acme", id))?.status;
    expect([await statusOf(stuck.id), await statusOf(other.id)]).toEqual(["ready", "expired"]);
    store.beforeDelete = async () => {};
    await fixture.retention.run();
    expect(await statusOf(stuck.id)).toBe("expired");
  });

  it("looks once an hour for what processes left half-written a day ago", async () => {
    const store = new WatchedStore();
    const fixture = createExportFixture({ ...NOTHING, store });
    await fixture.retention.run();
    await fixture.retention.run();
    expect(store.sweeps).toEqual([new Date(fixture.time.nowMs - EXPORT_DAY_MS)]);
    fixture.time.nowMs += 3_600_000;
    await fixture.retention.run();
    expect(store.sweeps).toHaveLength(2);
  });

  it("ends where it is when the process stops", async () => {
    const fixture = createExportFixture(NOTHING);
    const { id } = await fixture.service.create(OWNER, { kind: "usage", format: "csv" });
    fixture.time.nowMs += 7 * EXPORT_DAY_MS;
    fixture.retention.stop();
    await fixture.retention.run();
    expect((await fixture.exports.find("acme", id))?.status).toBe("pending");
  });

  it("ends with the export that it is at, and leaves the others to the next process", async () => {
    const store = new WatchedStore();
    const fixture = createExportFixture({ ...NOTHING, store });
    const ids: string[] = [];
    for (let job = 0; job < 2; job += 1) {
      ids.push((await fixture.service.create(OWNER, { kind: "usage", format: "csv" })).id);
      fixture.time.nowMs += 1;
    }
    await fixture.write();
    fixture.time.nowMs += 7 * EXPORT_DAY_MS;
    store.beforeDelete = async () => fixture.retention.stop();
    await fixture.retention.run();
    const jobs = await Promise.all(ids.map((id) => fixture.exports.find("acme", id)));
    expect(jobs.map((job) => job?.status)).toEqual(["expired", "ready"]);
    expect(store.sweeps).toEqual([]);
  });
});

describe("export_jobs", () => {
  it("is there at 0 from the start, and follows the jobs", async () => {
    let exports = new WatchedExports();
    const makeExports = (clock: Clock) => {
      exports = new WatchedExports(clock);
      return exports;
    };
    const fixture = createExportFixture({ ...NOTHING, makeExports });
    const linesOf = async () => {
      const text = await fixture.registry.metrics();
      return text.split("\n").filter((line) => line.startsWith("export_jobs{"));
    };
    const states = ["pending", "running", "ready", "failed"];
    expect(await linesOf()).toEqual(states.map((state) => `export_jobs{state="${state}"} 0`));
    await fixture.service.create(OWNER, { kind: "usage", format: "csv" });
    await fixture.write();
    await fixture.service.create(OWNER, { kind: "usage", format: "csv" });
    expect(await linesOf()).toEqual(
      states.map((state, index) => `export_jobs{state="${state}"} ${[1, 0, 1, 0][index]}`),
    );
    exports.isAway = true;
    expect((await linesOf())[0]).toBe('export_jobs{state="pending"} 1');
  });
});
