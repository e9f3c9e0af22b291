import { buffer } from "node:stream/consumers";
import type { ObjectStore } from "@orrery/common/object-store/object-store";
import { ObjectStoreError } from "@orrery/common/object-store/object-store";
import { MemoryObjectStore } from "@orrery/common/object-store/object-store.memory";
import { MemoryExportRepository } from "@orrery/common/repositories/export/export-repository.memory";
import { beforeEach, describe, expect, it } from "vitest";
import { createExportFixture, type ExportFixture } from "../../test/export-fixture.ts";

const OWNER = { tenantId: "acme", principal: "key:1" };
const NOTHING = {
  events: { values: () => [] },
  streams: {
    list: async () => ({ streams: [], asOf: new Date(), hasNext: false, total: 0 }),
    listActivity: async () => ({ events: [], hasNext: false, total: 0 }),
  },
};

/** Keeps what it gave, and can be away. */
class WatchedStore extends MemoryObjectStore {
  error: Error | undefined;
  readonly given: NonNullable<Awaited<ReturnType<ObjectStore["read"]>>>[] = [];

  override async read(...request: Parameters<ObjectStore["read"]>) {
    if (this.error !== undefined) throw this.error;
    const content = await super.read(...request);
    if (content !== undefined) this.given.push(content);
    return content;
  }
}

/** A database that can be away when a download is to be put on record. */
class WatchedExports extends MemoryExportRepository {
  isAway = false;

  override async recordDownload(...record: Parameters<MemoryExportRepository["recordDownload"]>) {
    if (this.isAway) throw new Error("the database is away");
    return super.recordDownload(...record);
  }
}

let store: WatchedStore;
let exports: WatchedExports;
let fixture: ExportFixture;

beforeEach(() => {
  store = new WatchedStore();
  fixture = createExportFixture({
    ...NOTHING,
    store,
    makeExports: (clock) => {
      exports = new WatchedExports(clock);
      return exports;
    },
  });
});

/** What a link to a file that is there opens. */
async function open() {
  const { id } = await fixture.service.create(OWNER, { kind: "usage", format: "csv" });
  await fixture.write();
  const link = fixture.service.linkTo("acme", await fixture.service.get(OWNER, id));
  const query = new URL(link?.path ?? "", "http://localhost").searchParams;
  return fixture.service.open(id, Object.fromEntries(query));
}

const downloads = async (id: string) => {
  const { records } = await fixture.service.listAudit(OWNER, id, { limit: 10 });
  return records.filter(({ event }) => event === "export.downloaded").length;
};

describe("the file of an export", () => {
  it("is given once it is on record", async () => {
    const opened = await open();
    const file = await buffer(await fixture.service.read(opened, undefined, "r-1"));
    expect(file.toString()).toMatch(/^usageEventId,/);
    expect(await downloads(opened.job.id)).toBe(1);
  });

  it("is not given where it cannot be put on record", async () => {
    const opened = await open();
    exports.isAway = true;
    const refused = fixture.service.read(opened, undefined, "r-1");
    await expect(refused).rejects.toThrow("the database is away");
    expect(store.given.map(({ destroyed }) => destroyed)).toEqual([true]);
  });

  it("cannot be read now when the store is away or does not have it, and nothing is on record", async () => {
    const opened = await open();
    const now = expect.objectContaining({
      code: "service_unavailable",
      headers: { "retry-after": "1" },
    });
    store.error = new ObjectStoreError("unavailable", "nobody answers");
    await expect(fixture.service.read(opened, undefined, "r-1")).rejects.toEqual(now);
    store.error = undefined;
    await store.delete(`exports/acme/${opened.job.id}-1.csv`);
    await expect(fixture.service.read(opened, undefined, "r-1")).rejects.toEqual(now);
    expect(await downloads(opened.job.id)).toBe(0);
  });

  it("is no reason to hide a fault of our own", async () => {
    const opened = await open();
    store.error = new TypeError("not a function");
    await expect(fixture.service.read(opened, undefined, "r-1")).rejects.toThrow(TypeError);
  });
});
