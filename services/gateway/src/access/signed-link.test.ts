import { LINK_CONTEXT } from "@orrery/common/contracts/request-context";
import { CONTEXT_HEADER, verifyContext } from "@orrery/common/http/signed-context";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  CONTEXT_SECRET,
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

const PATH = "/exports/019a2b3c-0000-7000-8000-000000000001/download?expires=1&sig=k.acme.mac";

describe("a signed link", () => {
  let upstream: UpstreamServer;
  let gateway: TestGateway;

  beforeEach(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({
      BILLING_URL: upstream.url,
      CATALOG_URL: upstream.url,
      LIMIT_SIGNED_LINKS_PER_MINUTE: "3",
      TRUSTED_PROXIES: "127.0.0.1",
    });
  });
  afterEach(async () => {
    await gateway.close();
    await upstream.close();
  });

  it("is passed on without a credential, and with no right to anything else", async () => {
    for (const mount of ["/api/v1", "/api"]) {
      const response = await gateway.fetch(`${mount}${PATH}`);
      expect(response.status).toBe(200);
      expect(response.headers.get("x-api-version")).toBe("v1");
    }
    expect(upstream.requests.map(({ url }) => url)).toEqual([`/api/v1${PATH}`, `/api/v1${PATH}`]);
    const header = String(upstream.requests[0]?.headers[CONTEXT_HEADER]);
    const keys = [{ keyId: "k1", secret: CONTEXT_SECRET }];
    expect(verifyContext(header, "billing", keys)).toEqual(LINK_CONTEXT);
    expect(LINK_CONTEXT.scopes).toEqual([]);
  });

  it("keeps a credential that came along from the service, and takes no tenant from it", async () => {
    const { key } = await gateway.createKey("globex");
    for (const headers of [
      { "x-api-key": key },
      { "x-api-key": "wrong", "x-tenant-id": "globex" },
    ]) {
      expect((await gateway.fetch(`/api/v1${PATH}`, { headers })).status).toBe(200);
      const passed = upstream.requests.at(-1)?.headers ?? {};
      expect(passed["x-api-key"] ?? passed["x-tenant-id"]).toBeUndefined();
      const keys = [{ keyId: "k1", secret: CONTEXT_SECRET }];
      const context = verifyContext(String(passed[CONTEXT_HEADER]), "billing", keys);
      expect(context?.tenantId).toBe(LINK_CONTEXT.tenantId);
    }
  });

  it("passes ranges and what became of them", async () => {
    upstream.handler = (request, response) => {
      response.writeHead(206, {
        "content-range": "bytes 2-4/10",
        "content-length": "3",
        etag: String(request.headers["if-range"]),
      });
      response.end("234");
    };
    const headers = { range: "bytes=2-4", "if-range": '"tag"' };
    const response = await gateway.fetch(`/api/v1${PATH}`, { headers });
    expect([response.status, await response.text()]).toEqual([206, "234"]);
    expect(response.headers.get("content-range")).toBe("bytes 2-4/10");
    expect(response.headers.get("etag")).toBe('"tag"');
    expect(upstream.requests[0]?.headers.range).toBe("bytes=2-4");
  });

  it("is followed so often from one address, whatever it opens", async () => {
    const from = (address: string) =>
      gateway.fetch(`/api/v1${PATH}`, { headers: { "x-forwarded-for": address } });
    const first = await from("192.0.2.1");
    expect(first.headers.get("ratelimit-policy")).toBe('"signed-link";q=3;w=60');
    for (let call = 1; call < 3; call += 1) expect((await from("192.0.2.1")).status).toBe(200);
    const stopped = await from("192.0.2.1");
    expect(stopped.status).toBe(429);
    expect(await stopped.json()).toMatchObject({ code: "rate_limited" });
    expect((await from("192.0.2.2")).status).toBe(200);
    expect(upstream.requests).toHaveLength(4);
  });
});
