import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../config.ts";
import {
  CONTEXT_SECRET,
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

const APP = "https://app.example.com";
let upstream: UpstreamServer;
beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream.close());

describe("answers to browsers", () => {
  let gateway: TestGateway;
  let key: string;
  beforeAll(async () => {
    gateway = await startGateway({ CATALOG_URL: upstream.url });
    ({ key } = await gateway.createKey("acme"));
  });
  afterAll(() => gateway.close());

  it.each([
    ["passed on", "/api/v1/stats", 200],
    ["the gateway's own", "/api/v1/health", 200],
    ["a refusal", "/api/v1/pools/x/predictions", 404],
    ["of no route", "/nothing", 404],
  ])("carry the security headers when they are %s", async (_what, path, status) => {
    const response = await gateway.fetch(path, { headers: { "x-api-key": key } });
    expect(response.status).toBe(status);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      "content-security-policy": "default-src 'none';frame-ancestors 'none';sandbox",
      "referrer-policy": "no-referrer",
      "strict-transport-security": "max-age=31536000",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    // Media are shown by pages of other sites.
    expect(headers).not.toHaveProperty("cross-origin-resource-policy");
    expect(headers).not.toHaveProperty("server");
    expect(headers).not.toHaveProperty("x-powered-by");
  });

  it("let no page of another origin in unless it is allowed", async () => {
    const origin = { origin: APP };
    const call = await gateway.fetch("/api/v1/stats", { headers: { ...origin, "x-api-key": key } });
    const asked = await gateway.fetch("/api/v1/stats", {
      method: "OPTIONS",
      headers: { ...origin, "access-control-request-method": "GET" },
    });
    expect(asked.status).toBe(404);
    for (const { headers } of [call, asked]) {
      expect([...headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });
});

describe("CORS_ALLOWED_ORIGINS", () => {
  let gateway: TestGateway;
  let key: string;
  beforeAll(async () => {
    gateway = await startGateway({
      CATALOG_URL: upstream.url,
      CORS_ALLOWED_ORIGINS: `${APP},http://localhost:5173`,
    });
    ({ key } = await gateway.createKey("acme"));
  });
  afterAll(() => gateway.close());

  const preflight = (origin: string) =>
    gateway.fetch("/api/v1/billing/deduct", {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "x-api-key,idempotency-key",
      },
    });

  it.each([APP, "http://localhost:5173"])("answers the preflight of %s", async (origin) => {
    const { status, headers } = await preflight(origin);
    expect(status).toBe(204);
    expect(headers.get("access-control-allow-origin")).toBe(origin);
    expect(headers.get("access-control-allow-methods")).toContain("POST");
    const allowed = headers.get("access-control-allow-headers")?.toLowerCase();
    for (const name of ["x-api-key", "authorization", "idempotency-key"]) {
      expect(allowed).toContain(name);
    }
    expect(headers.get("access-control-max-age")).toBe("600");
    expect(headers.get("vary")).toBe("Origin");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
  });

  it("lets its pages read answers, refusals and the headers that matter", async () => {
    for (const [credential, status] of [
      [key, 200],
      ["wrong", 401],
    ] as const) {
      const response = await gateway.fetch("/api/v1/stats", {
        headers: { origin: APP, "x-api-key": credential },
      });
      expect(response.status).toBe(status);
      expect(response.headers.get("access-control-allow-origin")).toBe(APP);
      const exposed = response.headers.get("access-control-expose-headers");
      for (const name of ["RateLimit", "Retry-After", "X-Request-Id"]) {
        expect(exposed).toContain(name);
      }
    }
  });

  it.each([
    "https://evil.example",
    "https://app.example.com.evil.example",
    "http://app.example.com",
    "null",
  ])("does not let %s in", async (origin) => {
    expect((await preflight(origin)).headers.has("access-control-allow-origin")).toBe(false);
    const { headers } = await gateway.fetch("/api/v1/stats", {
      headers: { origin, "x-api-key": key },
    });
    expect(headers.has("access-control-allow-origin")).toBe(false);
  });

  it.each(["*", "null", "https://app.example.com/", "app.example.com", "https://a.b, https://c.d"])(
    "is not taken as %j",
    (origins) => {
      const env = {
        CONTEXT_SIGNING_KEYS: `k1:${CONTEXT_SECRET.toString("base64")}`,
        CORS_ALLOWED_ORIGINS: origins,
      };
      expect(() => readConfig(env)).toThrow("CORS_ALLOWED_ORIGINS");
    },
  );
});
