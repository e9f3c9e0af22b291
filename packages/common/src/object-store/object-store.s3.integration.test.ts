import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { S3_BUCKET, S3_CREDENTIALS, S3Server } from "../testing/s3-server.ts";
import { describeObjectStore } from "./object-store.contract.ts";
import { S3ObjectStore } from "./object-store.s3.ts";

const PART_BYTES = 8 * 1_024 * 1_024;

let server: S3Server;

beforeAll(async () => {
  server = await S3Server.start();
});
afterAll(() => server.close());

const open = (changes: { secretAccessKey?: string; timeoutMs?: number } = {}) =>
  new S3ObjectStore({ endpoint: server.url, bucket: S3_BUCKET, ...S3_CREDENTIALS, ...changes });

describeObjectStore(
  "s3",
  async () => {
    server.objects.clear();
    server.uploads.clear();
    return open();
  },
  { partBytes: PART_BYTES },
);

describe("files in a bucket", () => {
  beforeEach(() => {
    server.objects.clear();
    server.uploads.clear();
    server.fault = undefined;
  });

  async function* content(bytes: number): AsyncGenerator<Buffer> {
    yield Buffer.alloc(bytes);
  }

  it("say that the service has no room, also for a later part, and leave nothing there", async () => {
    server.fault = { method: "PUT", status: 507, code: "InsufficientStorage" };
    await expect(open().put("a", content(1))).rejects.toMatchObject({ failure: "full" });
    server.fault = { method: "PUT", status: 403, code: "QuotaExceeded" };
    const large = open().put("b", content(PART_BYTES + 1));
    await expect(large).rejects.toMatchObject({ failure: "full" });
    expect([server.objects.size, server.uploads.size]).toEqual([0, 0]);
  });

  it("do not take an answer that begins well and ends in an error for success", async () => {
    const store = open();
    async function* losing(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(PART_BYTES);
      for (const upload of server.uploads.values()) upload.parts.clear();
      yield Buffer.alloc(1);
    }
    await expect(store.put("c", losing())).rejects.toMatchObject({ failure: "unavailable" });
    expect([server.objects.size, server.uploads.size]).toEqual([0, 0]);
  });

  it.each(["GET", "HEAD", "DELETE"])("say that the service does not work: %s", async (method) => {
    const store = open();
    await store.put("d", content(1));
    server.fault = { method, status: 503, code: "SlowDown" };
    const call =
      method === "GET"
        ? store.read("d")
        : method === "HEAD"
          ? store.findBytes("d")
          : store.delete("d");
    await expect(call).rejects.toMatchObject({ failure: "unavailable" });
  });

  it.each([1, PART_BYTES + 1])("tell others of what type they are: %i bytes", async (bytes) => {
    const store = open();
    await store.put("e", content(bytes), { contentType: "video/mp4" });
    expect(server.contentTypes.get("e")).toBe("video/mp4");
    await store.put("e", content(bytes));
    expect(server.contentTypes.get("e")).toBe("application/octet-stream");
  });

  it("say that the credentials are refused", async () => {
    const stranger = open({ secretAccessKey: "another" });
    await expect(stranger.put("e", content(1))).rejects.toMatchObject({ failure: "unavailable" });
    await expect(stranger.read("e")).rejects.toMatchObject({ failure: "unavailable" });
  });

  it("say that nobody answers", async () => {
    const closed = await S3Server.start();
    await closed.close();
    const nowhere = new S3ObjectStore({
      endpoint: closed.url,
      bucket: S3_BUCKET,
      ...S3_CREDENTIALS,
    });
    await expect(nowhere.read("f")).rejects.toMatchObject({ failure: "unavailable" });
  });

  it("lose the uploads that were begun long ago and never ended", async () => {
    const parts = new Map<number, Buffer>();
    server.uploads.set("old", { key: "exports/a", initiated: new Date(1_000), parts });
    server.uploads.set("new", { key: "exports/b", initiated: new Date(9_000), parts });
    expect(await open().removeAbandoned(new Date(5_000))).toBe(1);
    expect([...server.uploads.keys()]).toEqual(["new"]);
  });
});
