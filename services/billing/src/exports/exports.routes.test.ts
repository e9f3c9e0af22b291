import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  ACCOUNTS,
  type BillingFixture,
  CONTRACTS,
  createBillingFixture,
  DEDUCT,
} from "../../test/billing-fixture.ts";
import { EXPORT_DAY_MS } from "../../test/export-fixture.ts";

const HOUR_MS = 3_600_000;

let billing: BillingFixture;

beforeEach(async () => {
  billing = await createBillingFixture();
  const api = { name: "Weather", payoutAddress: ACCOUNTS[0] };
  await billing.call("PUT", "/billing/apis/weather", api);
  await billing.call("PUT", "/billing/vaults/ada", { contractId: CONTRACTS[0] });
  for (const requestId of ["first", "=second"]) {
    const body = { ...DEDUCT, requestId };
    await billing.call("POST", "/billing/deduct", body, { headers: { prefer: "respond-async" } });
  }
});
afterEach(() => billing.close());

const USAGE = { kind: "usage", format: "csv" };
const ask = (body: object = USAGE, options: Parameters<BillingFixture["call"]>[3] = {}) =>
  billing.call("POST", "/exports", body, options);
const create = async (body: object = USAGE) => (await ask(body)).json();
const get = (path: string, options: Parameters<BillingFixture["call"]>[3] = {}) =>
  billing.call("GET", path, undefined, options);
/** An export whose file is there. */
const ready = async (body: object = USAGE) => {
  const { id } = await create(body);
  await billing.exporting.write();
  return (await get(`/exports/${id}`)).json();
};
const pathOf = (signedUrl: string) => signedUrl.replace(/^https?:\/\/[^/]+/, "");
const eventsOf = async (id: string) =>
  (await get(`/exports/${id}/audit`)).json().data.map(({ event }: { event: string }) => event);
const codeOf = ({ statusCode, body }: { statusCode: number; body: string }) => [
  statusCode,
  JSON.parse(body).code,
];

describe("POST /exports", () => {
  it("answers with a job that waits for its file, and tells the workers", async () => {
    const from = "2026-03-01T12:00:00+02:00";
    const response = await ask({ kind: "activity", format: "ndjson", from });
    const job = response.json();
    expect(response.statusCode).toBe(201);
    expect(response.headers.location).toBe(`/api/v1/exports/${job.id}`);
    expect(job).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      kind: "activity",
      format: "ndjson",
      from: "2026-03-01T10:00:00.000Z",
      status: "pending",
      progressPercent: 0,
      rows: 0,
      bytes: 0,
      fileName: `activity-${job.id}.ndjson`,
      createdAt: "2026-03-01T12:00:00.000Z",
      expiresAt: "2026-03-08T12:00:00.000Z",
    });
    expect(billing.exporting.wakes()).toBe(1);
  });

  it.each([
    [{ kind: "vaults", format: "csv" }, "#/kind"],
    [{ kind: "usage", format: "xlsx" }, "#/format"],
    [{ kind: "usage" }, "#/format"],
    [{ ...USAGE, from: "yesterday" }, "#/from"],
    [{ ...USAGE, to: "2026-02-30T00:00:00Z" }, "#/to"],
    [{ ...USAGE, tenantId: "globex" }, "#/tenantId"],
  ])("refuses %j, pointing at %s, and stores nothing", async (body, pointer) => {
    const response = await ask(body);
    expect(codeOf(response)).toEqual([400, "invalid_request"]);
    expect(response.json().errors[0]).toMatchObject({ pointer });
    expect((await get("/exports")).json().meta.total).toBe(0);
  });

  it("refuses one more than may wait, and takes it once there is room", async () => {
    for (let job = 0; job < 10; job += 1) expect((await ask()).statusCode).toBe(201);
    const refused = await ask();
    expect(codeOf(refused)).toEqual([503, "backlog_full"]);
    expect(refused.headers["retry-after"]).toBe("30");
    await billing.exporting.write();
    expect((await ask()).statusCode).toBe(201);
  });

  it("gives the same job to the same Idempotency-Key", async () => {
    const headers = { "idempotency-key": "monthly-report" };
    const first = await ask(USAGE, { headers });
    const again = await ask(USAGE, { headers });
    expect(again.body).toBe(first.body);
    expect(again.headers["idempotent-replayed"]).toBe("true");
    expect(again.headers.location).toBe(first.headers.location);
    expect((await get("/exports")).json().meta.total).toBe(1);
    expect(await eventsOf(first.json().id)).toEqual(["export.requested"]);
  });

  it("wants the scope to write, to look at one the scope to read", async () => {
    expect(codeOf(await ask(USAGE, { scopes: ["billing:read"] }))).toEqual([
      403,
      "insufficient_scope",
    ]);
    const response = await get("/exports", { scopes: ["billing:write"] });
    expect(codeOf(response)).toEqual([403, "insufficient_scope"]);
  });
});

describe("GET /exports/{id}", () => {
  it("says what there is of the file once it is written, with a link that nobody may keep", async () => {
    const job = await ready();
    const response = await get(`/exports/${job.id}`);
    const file = (await billing.follow(pathOf(job.signedUrl))).rawPayload;
    expect(response.headers["cache-control"]).toBe("no-store");
    expect(job).toMatchObject({
      status: "ready",
      progressPercent: 100,
      rows: 2,
      bytes: file.length,
      sha256: createHash("sha256").update(file).digest("hex"),
      finishedAt: "2026-03-01T12:00:00.000Z",
      signedUrlExpiresAt: "2026-03-01T13:00:00.000Z",
    });
    expect(job.signedUrl).toMatch(
      new RegExp(`^http://localhost(:80)?/api/v1/exports/${job.id}/download\\?expires=\\d+&sig=`),
    );
  });

  it("gives the link of the host that the gateway was called by", async () => {
    const { id } = await ready();
    const headers = { "x-forwarded-proto": "https", "x-forwarded-host": "api.example.com:8443, b" };
    const { signedUrl } = (await get(`/exports/${id}`, { headers })).json();
    expect(signedUrl).toMatch(/^https:\/\/api\.example\.com:8443\/api\/v1\/exports\//);
    const strange = { "x-forwarded-host": 'a"><script>' };
    expect((await get(`/exports/${id}`, { headers: strange })).json().signedUrl).toMatch(/^\/api/);
  });

  it("knows none of another principal, of another tenant, or that never was", async () => {
    const { id } = await ready();
    for (const path of [`/exports/${id}`, `/exports/${id}/audit`]) {
      for (const options of [{ principal: "key:2" }, { tenantId: "globex" }]) {
        expect(codeOf(await get(path, options))).toEqual([404, "export_not_found"]);
      }
    }
    for (const unknown of ["019a2b3c-0000-7000-8000-000000000001", "mine", "%00"]) {
      expect(codeOf(await get(`/exports/${unknown}`))).toEqual([404, "export_not_found"]);
    }
  });

  it("is gone past its retention, whether or not the file is; its audit stays", async () => {
    const { id } = await ready();
    billing.exporting.time.nowMs += 7 * EXPORT_DAY_MS - 1;
    expect((await get(`/exports/${id}`)).statusCode).toBe(200);
    billing.exporting.time.nowMs += 1;
    expect(codeOf(await get(`/exports/${id}`))).toEqual([410, "export_expired"]);
    await billing.exporting.retention.run();
    expect(codeOf(await get(`/exports/${id}`))).toEqual([410, "export_expired"]);
    expect(await eventsOf(id)).toEqual(["export.requested", "export.expired"]);
  });
});

describe("GET /exports", () => {
  it("walks the caller's own, newest first, those past their retention too", async () => {
    const ids: string[] = [];
    for (let job = 0; job < 5; job += 1) {
      ids.unshift((await create()).id);
      billing.exporting.time.nowMs += 1;
    }
    await ask(USAGE, { principal: "key:2" });
    billing.exporting.time.nowMs += 7 * EXPORT_DAY_MS - 2;
    const seen: { id: string; status: string }[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = (await get(`/exports?limit=2${query}`)).json();
      expect(page.meta).toMatchObject({ limit: 2, total: 5 });
      seen.push(...page.data);
      cursor = page.meta.nextCursor;
    }
    expect(seen.map(({ id }) => id)).toEqual(ids);
    expect(seen.map(({ status }) => status)).toEqual([
      "pending",
      "expired",
      "expired",
      "expired",
      "expired",
    ]);
  });

  it("refuses a cursor that is not its own", async () => {
    expect(codeOf(await get("/exports?cursor=mine"))).toEqual([422, "invalid_cursor"]);
    const { id } = await create();
    const audit = await get(`/exports/${id}/audit?cursor=${btoa("2026-03-01T12:00:00.000Z|1")}`);
    expect(codeOf(audit)).toEqual([422, "invalid_cursor"]);
  });
});

describe("GET /exports/{id}/download", () => {
  it("gives the file to who has the link, without a tenant of its own", async () => {
    const job = await ready();
    const response = await billing.follow(pathOf(job.signedUrl));
    expect(response.statusCode).toBe(200);
    expect(response.headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8; header=present",
      "content-disposition": `attachment; filename="usage-${job.id}.csv"`,
      "content-length": String(job.bytes),
      "accept-ranges": "bytes",
      "cache-control": "private, no-cache",
      "x-content-type-options": "nosniff",
      etag: `"${job.sha256}"`,
    });
    const lines = response.body.split("\r\n");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^usageEventId,requestId,userId/);
    expect(response.body).toContain(",first,ada,weather,forecast,key-1,1.5,pending,");
    expect(response.body).toContain(",'=second,ada,");
    expect(lines[3]).toBe("");
  });

  it("gives NDJSON as such", async () => {
    const job = await ready({ kind: "usage", format: "ndjson" });
    const response = await billing.follow(pathOf(job.signedUrl));
    expect(response.headers["content-type"]).toBe("application/x-ndjson; charset=utf-8");
    const rows = response.body.trimEnd().split("\n");
    // Both may be of one millisecond.
    const ids = rows.map((row): string => JSON.parse(row).requestId);
    expect(ids.toSorted()).toEqual(["=second", "first"]);
  });

  it("gives the part that is asked for", async () => {
    const job = await ready();
    const path = pathOf(job.signedUrl);
    const whole = (await billing.follow(path)).body;
    const part = await billing.follow(path, { range: "bytes=10-19" });
    expect([part.statusCode, part.body]).toEqual([206, whole.slice(10, 20)]);
    expect(part.headers).toMatchObject({
      "content-range": `bytes 10-19/${job.bytes}`,
      "content-length": "10",
    });
    const rest = await billing.follow(path, { range: "bytes=20-", "if-range": `"${job.sha256}"` });
    expect([rest.statusCode, rest.body]).toEqual([206, whole.slice(20)]);
    const other = await billing.follow(path, { range: "bytes=20-", "if-range": '"other"' });
    expect([other.statusCode, other.body]).toEqual([200, whole]);
    const none = await billing.follow(path, { range: `bytes=${job.bytes}-` });
    expect(codeOf(none)).toEqual([416, "range_not_satisfiable"]);
    expect(none.headers["content-range"]).toBe(`bytes */${job.bytes}`);
  });

  it("puts each download on record once, and nothing that was none", async () => {
    const job = await ready();
    const path = pathOf(job.signedUrl);
    billing.exporting.time.nowMs += 1;
    await billing.follow(path, { "x-request-id": "r-1" });
    billing.exporting.time.nowMs += 1;
    await billing.follow(path, { "x-request-id": "r-2", range: "bytes=0-9" });
    const known = await billing.follow(path, { "if-none-match": `W/"${job.sha256}"` });
    expect([known.statusCode, known.body, known.headers.etag]).toEqual([
      304,
      "",
      `"${job.sha256}"`,
    ]);
    await billing.follow(path, { range: `bytes=${job.bytes}-` });
    const head = await billing.follow(path, {}, "HEAD");
    expect([head.statusCode, head.body]).toEqual([200, ""]);
    expect(head.headers["content-length"]).toBe(String(job.bytes));
    const { data } = (await get(`/exports/${job.id}/audit`)).json();
    expect(data).toMatchObject([
      { event: "export.requested", actor: "key:1", details: { kind: "usage", format: "csv" } },
      { event: "export.downloaded", actor: "link", details: { requestId: "r-1" } },
      { event: "export.downloaded", actor: "link", details: { requestId: "r-2", range: "0-9" } },
    ]);
    const page = (await get(`/exports/${job.id}/audit?limit=2`)).json();
    const cursor = encodeURIComponent(page.meta.nextCursor);
    const next = (await get(`/exports/${job.id}/audit?limit=2&cursor=${cursor}`)).json();
    expect([...page.data, ...next.data]).toEqual(data);
  });

  it("opens nothing without the whole link, of its own export, as it was signed", async () => {
    const job = await ready();
    const other = await create();
    const path = pathOf(job.signedUrl);
    const forged = [
      `/api/v1/exports/${job.id}/download`,
      path.replace(job.id, other.id),
      path.replace(/expires=\d+/, "expires=9999999999"),
      path.replace(/sig=[^&]+/, "sig=new.acme.AAAA"),
      path.replace(".acme.", ".globex."),
      path.slice(0, -3),
    ];
    for (const link of forged) {
      expect(codeOf(await billing.follow(link)), link).toEqual([403, "export_url_invalid"]);
    }
    expect(await eventsOf(job.id)).toEqual(["export.requested"]);
  });

  it("opens nothing after its hour, though a new link does", async () => {
    const job = await ready();
    billing.exporting.time.nowMs += HOUR_MS;
    const late = await billing.follow(pathOf(job.signedUrl));
    expect(codeOf(late)).toEqual([410, "export_url_expired"]);
    const { signedUrl } = (await get(`/exports/${job.id}`)).json();
    expect((await billing.follow(pathOf(signedUrl))).statusCode).toBe(200);
  });

  it("is never good for longer than the export", async () => {
    const job = await ready();
    billing.exporting.time.nowMs += 7 * EXPORT_DAY_MS - 60_000;
    const { signedUrl, signedUrlExpiresAt } = (await get(`/exports/${job.id}`)).json();
    expect(signedUrlExpiresAt).toBe(job.expiresAt);
    billing.exporting.time.nowMs += 60_000;
    const late = await billing.follow(pathOf(signedUrl));
    expect(codeOf(late)).toEqual([410, "export_url_expired"]);
  });

  it("says that there is no file yet, or that there will be none", async () => {
    const { id } = await create();
    const { links } = billing.exporting;
    const path = links.linkTo("acme", { id, expiresAt: new Date(8.64e15) }).path;
    const early = await billing.follow(path);
    expect(codeOf(early)).toEqual([409, "export_not_ready"]);
    expect(early.headers["retry-after"]).toBe("1");
    await billing.exporting.write({ maxBytes: 1 });
    expect(codeOf(await billing.follow(path))).toEqual([409, "export_not_ready"]);
    const failed = (await get(`/exports/${id}`)).json();
    expect(failed).toMatchObject({ status: "failed", failureCode: "file_too_large" });
    expect(failed.signedUrl).toBeUndefined();
    billing.exporting.time.nowMs += 7 * EXPORT_DAY_MS;
    const afterwards = links.linkTo("acme", { id, expiresAt: new Date(8.64e15) }).path;
    expect(codeOf(await billing.follow(afterwards))).toEqual([410, "export_expired"]);
    const never = { id: "019a2b3c-0000-7000-8000-000000000001", expiresAt: new Date(8.64e15) };
    const unknown = await billing.follow(links.linkTo("acme", never).path);
    expect(codeOf(unknown)).toEqual([404, "export_not_found"]);
  });

  it("says that the file cannot be read, and records nothing", async () => {
    const job = await ready();
    await billing.exporting.store.delete(`exports/acme/${job.id}-1.csv`);
    const response = await billing.follow(pathOf(job.signedUrl));
    expect(codeOf(response)).toEqual([503, "service_unavailable"]);
    expect(response.headers["content-disposition"]).toBeUndefined();
    expect(await eventsOf(job.id)).toEqual(["export.requested"]);
  });

  it("wants the gateway's word all the same", async () => {
    const job = await ready();
    const response = await billing.app.inject({ method: "GET", url: pathOf(job.signedUrl) });
    expect(codeOf(response)).toEqual([401, "unauthenticated"]);
  });
});
