import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ADMIN_TOKEN, startGateway, type TestGateway } from "../testing/gateway-harness.ts";

interface Page {
  data: Record<string, unknown>[];
  meta: { limit: number; hasNext: boolean; nextCursor: string | null; total: number };
}

describe("gateway administration", () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startGateway({});
    await gateway.createKey("acme");
  });
  afterAll(() => gateway.close());

  const post = (path: string, body: unknown) =>
    gateway.admin(path, { method: "POST", body: JSON.stringify(body) });
  const read = async (path: string) => (await (await gateway.admin(path)).json()) as Page;

  it("creates a tenant once", async () => {
    const made = await post("/tenants", { id: "initech", name: "Initech" });
    expect(made.status).toBe(201);
    expect(await made.json()).toEqual({
      id: "initech",
      name: "Initech",
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    const again = await post("/tenants", { id: "initech", name: "Other" });
    expect(again.status).toBe(409);
    expect(await again.json()).toMatchObject({ code: "tenant_exists" });
    const one = await gateway.admin("/tenants/initech");
    expect(await one.json()).toMatchObject({ id: "initech", name: "Initech" });
  });

  it("shows a key once, and never its secret or hash again", async () => {
    const made = await post("/tenants/acme/keys", {
      name: "ci",
      scopes: ["billing:read"],
      expiresAt: "2099-01-01T01:00:00+01:00",
    });
    expect(made.status).toBe(201);
    expect(made.headers.get("cache-control")).toBe("no-store");
    const { key, ...shown } = (await made.json()) as Record<string, string>;
    expect(key).toMatch(/^ork_test_[0-9a-f-]{36}_[\w-]{43}$/);
    expect(shown).toEqual({
      id: expect.any(String),
      prefix: key?.slice(0, -44),
      tenantId: "acme",
      name: "ci",
      scopes: ["billing:read"],
      createdAt: expect.any(String),
      expiresAt: "2099-01-01T00:00:00.000Z",
      revokedAt: null,
      lastUsedAt: null,
      successorId: null,
    });
    const list = await gateway.admin("/tenants/acme/keys");
    const text = await list.text();
    expect(text).not.toContain(key?.slice(-43));
    expect((JSON.parse(text) as Page).data).toContainEqual(shown);
  });

  it("revokes a key, and again without an error", async () => {
    const { id } = await gateway.createKey("acme");
    for (let round = 0; round < 2; round += 1) {
      const response = await gateway.admin(`/tenants/acme/keys/${id}`, { method: "DELETE" });
      expect(response.status).toBe(204);
      expect(await response.text()).toBe("");
    }
    const { data } = await read("/tenants/acme/keys?limit=100");
    expect(data.find((key) => key["id"] === id)?.["revokedAt"]).toEqual(expect.any(String));
  });

  it("does not let one tenant's path revoke another's key", async () => {
    const { id } = await gateway.createKey("globex");
    const response = await gateway.admin(`/tenants/acme/keys/${id}`, { method: "DELETE" });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "api_key_not_found" });
  });

  it("pages through tenants and keys with cursors", async () => {
    for (const id of ["p1", "p2", "p3"]) await post("/tenants", { id, name: id });
    const seen: unknown[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: Page = await read(`/tenants?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      expect(page.meta).toMatchObject({ limit: 2, hasNext: page.meta.nextCursor !== null });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.meta.nextCursor;
    }
    const { data, meta } = await read("/tenants?limit=100");
    expect(seen).toEqual(data.map(({ id }) => id));
    expect(meta.total).toBe(seen.length);
  });

  const key = { name: "k", scopes: ["billing:read"] };
  const noSuchDay = { ...key, expiresAt: "2099-02-30T00:00:00Z" };
  const past = { ...key, expiresAt: "2020-01-01T00:00:00Z" };
  it.each([
    ["POST", "/tenants", {}, 400, ["#/id", "#/name"]],
    ["POST", "/tenants", { id: "a b", name: "x" }, 400, ["#/id"]],
    ["POST", "/tenants", { id: "a".repeat(65), name: "x" }, 400, ["#/id"]],
    ["POST", "/tenants", { id: "bad", name: "   " }, 400, ["#/name"]],
    ["POST", "/tenants", { id: "bad", name: "a\u0000b" }, 400, ["#/name"]],
    ["POST", "/tenants", { id: "bad", name: "x", plan: "gold" }, 400, ["#/plan"]],
    ["POST", "/tenants", { id: 7, name: ["x"] }, 400, ["#/id", "#/name"]],
    ["POST", "/tenants", [], 400, ["#"]],
    ["POST", "/tenants/acme/keys", { name: "k", scopes: [] }, 400, ["#/scopes"]],
    ["POST", "/tenants/acme/keys", { name: "k", scopes: ["root"] }, 400, ["#/scopes/0"]],
    ["POST", "/tenants/acme/keys", { ...key, scopes: ["admin", "admin"] }, 400, ["#/scopes"]],
    ["POST", "/tenants/acme/keys", { ...key, expiresAt: "tomorrow" }, 400, ["#/expiresAt"]],
    [
      "POST",
      "/tenants/acme/keys",
      { ...key, expiresAt: "2099-01-01T25:00:00Z" },
      400,
      ["#/expiresAt"],
    ],
    ["POST", "/tenants/acme/keys", noSuchDay, 400, ["#/expiresAt"]],
    ["POST", "/tenants/acme/keys", past, 400, ["#/expiresAt"]],
    ["POST", "/tenants/acme/keys", { ...key, secret: "mine" }, 400, ["#/secret"]],
    ["POST", "/tenants/nobody/keys", key, 404, undefined],
    ["POST", "/tenants/a%20b/keys", key, 400, ["#/tenantId"]],
    ["GET", "/tenants?limit=0", undefined, 400, ["#/limit"]],
    ["GET", "/tenants?limit=101", undefined, 400, ["#/limit"]],
    ["GET", "/tenants?limit=ten", undefined, 400, ["#/limit"]],
    ["GET", "/tenants?page=1", undefined, 400, ["#/page"]],
    ["GET", "/tenants?cursor=mine", undefined, 422, undefined],
    ["GET", "/tenants/nobody", undefined, 404, undefined],
    ["GET", "/tenants/nobody/keys", undefined, 404, undefined],
    ["GET", "/tenants/acme/keys?cursor=mine", undefined, 422, undefined],
    ["DELETE", "/tenants/acme/keys/nothing", undefined, 404, undefined],
    ["DELETE", "/tenants/a%20b/keys/x", undefined, 400, ["#/tenantId"]],
    ["DELETE", "/tenants/acme/keys/%00", undefined, 400, ["#/keyId"]],
    ["POST", "/tenants/acme/keys/nothing/roll", {}, 404, undefined],
    ["POST", "/tenants/acme/keys/nothing/roll", { overlapSeconds: -1 }, 400, ["#/overlapSeconds"]],
    ["POST", "/tenants/acme/keys/nothing/roll", { overlapSeconds: 1.5 }, 400, ["#/overlapSeconds"]],
    [
      "POST",
      "/tenants/acme/keys/nothing/roll",
      { overlapSeconds: 2_592_001 },
      400,
      ["#/overlapSeconds"],
    ],
    ["POST", "/tenants/acme/keys/nothing/roll", { name: "mine" }, 400, ["#/name"]],
    [
      "POST",
      "/tenants/acme/keys/nothing/roll",
      { expiresAt: past.expiresAt },
      400,
      ["#/expiresAt"],
    ],
    ["PUT", "/tenants/acme/limits", {}, 400, ["#"]],
    ["PUT", "/tenants/acme/limits", { exports: 0 }, 400, ["#/exports"]],
    ["PUT", "/tenants/acme/limits", { exports: 1_000_000_001 }, 400, ["#/exports"]],
    ["PUT", "/tenants/acme/limits", { exports: "5" }, 400, ["#/exports"]],
    ["PUT", "/tenants/acme/limits", { "auth-failure": 5 }, 400, ["#/auth-failure"]],
    ["PUT", "/tenants/nobody/limits", { exports: 5 }, 404, undefined],
    ["GET", "/tenants/nobody/limits", undefined, 404, undefined],
    ["DELETE", "/tenants/nobody/limits", undefined, 404, undefined],
    ["GET", "/audit?cursor=mine", undefined, 422, undefined],
    ["GET", "/audit?limit=0", undefined, 400, ["#/limit"]],
  ])("refuses %s %s %j and stores nothing", async (method, path, body, status, pointers) => {
    const before = await stored();
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    const response = await gateway.admin(path, init);
    expect(response.status).toBe(status);
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, code: expect.any(String) });
    expect(problem["requestId"]).toBe(response.headers.get("x-request-id"));
    const errors = problem["errors"] as { pointer: string }[] | undefined;
    const at = errors && [...new Set(errors.map(({ pointer }) => pointer))].toSorted();
    expect(at).toEqual(pointers);
    expect(await stored()).toEqual(before);
  });

  it.each([
    ["no JSON", "{", "application/json", 400, "malformed_json"],
    ["an empty body", "", "application/json", 400, "malformed_json"],
    ["another type", "<a/>", "text/xml", 415, "unsupported_media_type"],
    [
      "a body that is too large",
      `"${"x".repeat(262_144)}"`,
      "application/json",
      413,
      "payload_too_large",
    ],
  ])("refuses %s", async (_what, body, type, status, code) => {
    const headers = { "content-type": type, authorization: `Bearer ${ADMIN_TOKEN}` };
    const response = await gateway.fetch("/api/v1/admin/tenants", {
      method: "POST",
      body,
      headers,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  async function stored() {
    const paths = [
      "/tenants?limit=100",
      "/tenants/acme/keys?limit=100",
      "/audit",
      "/tenants/acme/limits",
    ];
    return Promise.all(paths.map(read));
  }
});
