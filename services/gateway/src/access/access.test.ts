import { OPERATIONS, SIGNED_LINK } from "@orrery/common/contracts/operations";
import { type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ADMIN_TOKEN,
  JWT_SECRET,
  sendRaw,
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

function token(payload: JWTPayload): Promise<string> {
  return new SignJWT(payload)
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1m")
    .sign(new TextEncoder().encode(JWT_SECRET));
}

describe("access", () => {
  let upstream: UpstreamServer;
  let gateway: TestGateway;
  let acme: { id: string; key: string };
  let globex: { id: string; key: string };

  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({
      BILLING_URL: upstream.url,
      CATALOG_URL: upstream.url,
      LIMIT_AUTH_FAILURES_PER_MINUTE: "100000",
    });
    acme = await gateway.createKey("acme");
    globex = await gateway.createKey("globex", ["catalog:read"]);
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  const get = (headers: Record<string, string>, path = "/api/v1/stats") =>
    gateway.fetch(path, { headers });

  async function expectRefusal(response: Response, status: number, code: string) {
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(response.headers.get("x-api-version")).toBe("v1");
    const problem = (await response.json()) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, code, requestId: expect.any(String) });
    expect(response.headers.get("x-request-id")).toBe(problem["requestId"]);
  }

  const operations = Object.values(OPERATIONS).filter(({ scope }) => scope !== SIGNED_LINK);
  it.each(operations.map(({ method, path }) => [method, path] as const))(
    "refuses %s %s without a credential",
    async (method, path) => {
      for (const mount of ["/api/v1", "/api"]) {
        const url = `${mount}${path.replaceAll(/:\w+/g, "x")}`;
        const response = await gateway.fetch(url, { method });
        await expectRefusal(response, 401, "unauthenticated");
        expect(response.headers.get("www-authenticate")).toBe('Bearer realm="orrery"');
      }
      expect(upstream.requests).toHaveLength(0);
    },
  );

  it.each([
    ["an unknown key", () => ({ "x-api-key": acme.key.slice(0, -43) + globex.key.slice(-43) })],
    ["a key that is none", () => ({ "x-api-key": "ork_test_x_y" })],
    ["an empty key", () => ({ "x-api-key": "" })],
    ["a key as a bearer token", () => ({ authorization: `Bearer ${acme.key}` })],
    ["a token that is none", () => ({ authorization: "Bearer abc" })],
    ["another scheme", () => ({ authorization: `Basic ${btoa("a:b")}` })],
    [
      "a key and a token at once",
      () => ({ "x-api-key": acme.key, authorization: `Bearer ${ADMIN_TOKEN}` }),
    ],
    ["a bare tenant header", () => ({ "x-tenant-id": "acme" })],
    ["a forged context", () => ({ "x-orrery-context": "a.b" })],
  ])("refuses %s", async (_what, headers) => {
    const response = await get(headers());
    await expectRefusal(response, 401, "unauthenticated");
    expect(response.headers.get("www-authenticate")).toContain("Bearer");
  });

  it("refuses a credential that comes twice, even the same", async () => {
    const line = `x-api-key: ${acme.key}\r\n`;
    const head = "GET /api/v1/stats HTTP/1.1\r\nhost: a\r\nconnection: close\r\n";
    expect(await sendRaw(gateway.port, `${head}${line}\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await sendRaw(gateway.port, `${head}${line}${line}\r\n`)).toMatch(/^HTTP\/1\.1 401 /);
    const selected = "x-tenant-id: acme\r\nx-tenant-id: globex\r\n";
    expect(await sendRaw(gateway.port, `${head}${line}${selected}\r\n`)).toMatch(
      /^HTTP\/1\.1 400 [^]*invalid_tenant_id/,
    );
  });

  it("refuses a key whose scopes do not hold the call's", async () => {
    const response = await get({ "x-api-key": globex.key }, "/api/v1/billing/balance/ada");
    expect(response.headers.get("www-authenticate")).toContain('scope="billing:read"');
    await expectRefusal(response, 403, "insufficient_scope");
    await expectRefusal(
      await get({ "x-api-key": acme.key }, "/api/v1/admin/tenants"),
      403,
      "insufficient_scope",
    );
  });

  it("lets the bootstrap admin administer, and nothing else", async () => {
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
    expect((await get(headers, "/api/v1/admin/tenants")).status).toBe(200);
    await expectRefusal(
      await get({ ...headers, "x-tenant-id": "acme" }),
      403,
      "insufficient_scope",
    );
  });

  it("lets the header select a granted tenant only", async () => {
    const key = { "x-api-key": acme.key };
    expect((await get({ ...key, "x-tenant-id": " acme " })).status).toBe(200);
    await expectRefusal(await get({ ...key, "x-tenant-id": "globex" }), 403, "tenant_forbidden");
    await expectRefusal(await get({ ...key, "x-tenant-id": "a b" }), 400, "invalid_tenant_id");
  });

  it("takes the tenant from a token, or the selection among its tenants", async () => {
    const scope = "catalog:read";
    const one = await token({ sub: "ada", tenant_id: "acme", scope });
    const several = await token({ sub: "ada", tenants: ["acme", "globex"], scope });
    const none = await token({ sub: "ada", scope });
    const bearer = (jwt: string) => ({ authorization: `Bearer ${jwt}` });
    expect((await get(bearer(one))).status).toBe(200);
    await expectRefusal(await get(bearer(several)), 400, "tenant_required");
    expect((await get({ ...bearer(several), "x-tenant-id": "globex" })).status).toBe(200);
    await expectRefusal(
      await get({ ...bearer(several), "x-tenant-id": "initech" }),
      403,
      "tenant_forbidden",
    );
    await expectRefusal(await get(bearer(none)), 400, "tenant_required");
    await expectRefusal(
      await get({ ...bearer(none), "x-tenant-id": "acme" }),
      403,
      "tenant_forbidden",
    );
  });

  it("refuses an expired token and one without a signature", async () => {
    const expired = await new SignJWT({ sub: "ada", tenant_id: "acme", scope: "catalog:read" })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime(Math.floor(Date.now() / 1_000) - 60)
      .sign(new TextEncoder().encode(JWT_SECRET));
    await expectRefusal(await get({ authorization: `Bearer ${expired}` }), 401, "unauthenticated");
    const [, payload] = expired.split(".");
    const header = Buffer.from('{"alg":"none"}').toString("base64url");
    await expectRefusal(
      await get({ authorization: `Bearer ${header}.${payload}.` }),
      401,
      "unauthenticated",
    );
  });

  it("refuses a revoked key at once on the instance that revoked it", async () => {
    const { id, key } = await gateway.createKey("acme");
    expect((await get({ "x-api-key": key })).status).toBe(200);
    const revoked = await gateway.admin(`/tenants/acme/keys/${id}`, { method: "DELETE" });
    expect(revoked.status).toBe(204);
    await expectRefusal(await get({ "x-api-key": key }), 401, "unauthenticated");
  });
});

describe("TENANT_HEADER_TRUST", () => {
  let upstream: UpstreamServer;
  let gateway: TestGateway;
  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({
      BILLING_URL: upstream.url,
      CATALOG_URL: upstream.url,
      TENANT_HEADER_TRUST: "true",
    });
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  it.each([
    ["lets a bare header act for its tenant", { "x-tenant-id": "acme" }, "/stats", 200],
    ["wants a tenant all the same", {}, "/stats", 400],
    ["wants a well-formed one", { "x-tenant-id": "a b" }, "/stats", 400],
    ["gives no administration", { "x-tenant-id": "acme" }, "/admin/tenants", 403],
    ["still refuses a bad credential", { "x-tenant-id": "acme", "x-api-key": "x" }, "/stats", 401],
  ] as const)("%s", async (_what, headers, path, status) => {
    const response = await gateway.fetch(`/api/v1${path}`, { headers });
    expect(response.status).toBe(status);
  });
});
