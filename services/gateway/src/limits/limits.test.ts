import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

describe("limits", () => {
  let upstream: UpstreamServer;
  let gateway: TestGateway;
  let acme: string;
  let globex: string;

  beforeEach(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({
      BILLING_URL: upstream.url,
      CATALOG_URL: upstream.url,
      LIMIT_CATALOG_READ_PER_MINUTE: "2",
      LIMIT_AUTH_FAILURES_PER_MINUTE: "2",
      TRUSTED_PROXIES: "127.0.0.1",
    });
    acme = (await gateway.createKey("acme")).key;
    globex = (await gateway.createKey("globex")).key;
  });
  afterEach(async () => {
    await gateway.close();
    await upstream.close();
  });

  const get = (path: string, key: string, headers: Record<string, string> = {}) =>
    gateway.fetch(path, { headers: { "x-api-key": key, ...headers } });

  it("count a tenant's calls of a group over all its keys, paths and mounts, and say so", async () => {
    const another = (await gateway.createKey("acme")).key;
    const first = await get("/api/v1/stats", acme);
    expect(first.headers.get("ratelimit-policy")).toBe('"catalog-read";q=2;w=60');
    expect(first.headers.get("ratelimit")).toMatch(/^"catalog-read";r=1;t=(60|5\d)$/);
    const second = await get("/api/tokens/search", another);
    expect(second.headers.get("ratelimit")).toMatch(/^"catalog-read";r=0;t=\d+$/);

    const third = await get("/api/v1/stats", acme);
    expect(third.status).toBe(429);
    expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(third.headers.get("ratelimit")).toMatch(/^"catalog-read";r=0;t=\d+$/);
    expect(third.headers.get("content-type")).toContain("application/problem+json");
    expect(await third.json()).toMatchObject({ code: "rate_limited", status: 429 });
    expect(upstream.requests).toHaveLength(2);
  });

  it("leave other tenants and other groups alone", async () => {
    for (let call = 0; call < 3; call += 1) await get("/api/v1/stats", acme);
    expect((await get("/api/v1/stats", acme)).status).toBe(429);
    expect((await get("/api/v1/stats", globex)).status).toBe(200);
    const other = await get("/api/v1/billing/balance/ada", acme);
    expect(other.status).toBe(200);
    expect(other.headers.get("ratelimit-policy")).toBe('"billing-read";q=60000;w=60');
  });

  it("count who creates exports by itself, beside its tenant's other calls", async () => {
    const post = (key: string) =>
      gateway.fetch("/api/v1/exports", { method: "POST", headers: { "x-api-key": key } });
    const another = (await gateway.createKey("acme")).key;
    const first = await post(acme);
    expect(first.headers.get("ratelimit-policy")).toBe('"exports";q=5;w=60');
    for (let call = 1; call < 5; call += 1) expect((await post(acme)).status).toBe(200);
    const sixth = await post(acme);
    expect(sixth.status).toBe(429);
    expect(await sixth.json()).toMatchObject({ code: "rate_limited" });
    expect((await post(another)).status).toBe(200);
    expect((await post(globex)).status).toBe(200);
    expect((await get("/api/v1/exports", acme)).status).toBe(200);
  });

  it("do not count what was refused for its scope or tenant", async () => {
    for (let call = 0; call < 3; call += 1) {
      expect((await get("/api/v1/stats", acme, { "x-tenant-id": "globex" })).status).toBe(403);
    }
    expect((await get("/api/v1/stats", globex)).status).toBe(200);
  });

  it("stop an address that guesses, before its next guess is looked at", async () => {
    const from = (address: string) => ({ "x-forwarded-for": address });
    for (let guess = 0; guess < 2; guess += 1) {
      expect((await get("/api/v1/stats", "ork_guess", from("192.0.2.1"))).status).toBe(401);
    }
    const stopped = await get("/api/v1/stats", "ork_guess", from("192.0.2.1"));
    expect(stopped.status).toBe(429);
    expect(stopped.headers.get("ratelimit-policy")).toBe('"auth-failure";q=2;w=60');
    // Right or wrong: the answer must not tell.
    expect((await get("/api/v1/stats", acme, from("192.0.2.1"))).status).toBe(429);
    expect((await get("/api/v1/stats", acme, from("192.0.2.2"))).status).toBe(200);
  });

  it("cannot be dodged by naming another address, unless a trusted proxy names it", async () => {
    const naive = await startGateway({
      CATALOG_URL: upstream.url,
      LIMIT_AUTH_FAILURES_PER_MINUTE: "2",
    });
    const statuses: number[] = [];
    for (let guess = 0; guess < 4; guess += 1) {
      const headers = { "x-api-key": "ork_guess", "x-forwarded-for": `192.0.2.${guess}` };
      statuses.push((await naive.fetch("/api/v1/stats", { headers })).status);
    }
    await naive.close();
    expect(statuses).toEqual([401, 401, 429, 429]);
  });
});
