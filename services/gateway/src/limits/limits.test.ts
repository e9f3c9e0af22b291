import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  sendRaw,
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

/** A bulk call's body. */
function bulkOf(count: number, pad = ""): string {
  return JSON.stringify({ entries: Array.from({ length: count }, () => ({ pad })) });
}

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

  it("count a bulk call once for each of its entries, and take all of them or none", async () => {
    await gateway.admin("/tenants/acme/limits", {
      method: "PUT",
      body: JSON.stringify({ "billing-write": 10 }),
    });
    const bulk = (entries: number, body = bulkOf(entries)) =>
      gateway.fetch("/api/v1/billing/deduct/bulk", {
        method: "POST",
        headers: { "x-api-key": acme, "content-type": "application/json" },
        body,
      });
    const first = await bulk(6);
    expect(first.headers.get("ratelimit")).toMatch(/^"billing-write";r=4;t=\d+$/);
    const passed = (await first.json()) as { body: string };
    expect(passed.body).toBe(bulkOf(6));
    const tooMany = await bulk(5);
    expect(tooMany.status).toBe(429);
    expect(tooMany.headers.get("ratelimit")).toMatch(/^"billing-write";r=4;t=\d+$/);
    expect(Number(tooMany.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await bulk(0, "{")).headers.get("ratelimit")).toMatch(/r=3;/);
    expect((await bulk(3)).headers.get("ratelimit")).toMatch(/r=0;/);
    expect((await bulk(1)).status).toBe(429);
    expect(upstream.requests).toHaveLength(3);
  });

  it("pass a bulk body on as it came, in chunks or whole, with or without 100-continue", async () => {
    const body = bulkOf(100, "x".repeat(1_000));
    const head = (...lines: string[]) =>
      ["POST /api/v1/billing/deduct/bulk HTTP/1.1", "host: a", `x-api-key: ${acme}`, ...lines].join(
        "\r\n",
      );
    const type = "content-type: application/json\r\nconnection: close";
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    const chunks = `${chunk(body.slice(0, 7))}${chunk(body.slice(7))}0\r\n\r\n`;
    const length = `content-length: ${body.length}`;
    for (const request of [
      `${head(type, length)}\r\n\r\n${body}`,
      `${head(type, "transfer-encoding: chunked")}\r\n\r\n${chunks}`,
      `${head(type, length, "expect: 100-continue")}\r\n\r\n${body}`,
    ]) {
      const answer = await sendRaw(gateway.port, request);
      expect(answer).toContain("HTTP/1.1 200 OK");
      expect(answer).toContain(JSON.stringify(body));
    }
    expect(upstream.requests).toHaveLength(3);
  });

  it("refuse a bulk body in chunks that is too large, before anything is sent on", async () => {
    const chunks = function* () {
      for (let sent = 0; sent < 5; sent += 1) yield Buffer.alloc(65_536, "x");
    };
    const response = await gateway.fetch("/api/v1/billing/deduct/bulk", {
      method: "POST",
      headers: { "x-api-key": acme, "content-type": "application/json" },
      body: ReadableStream.from(chunks()),
      duplex: "half",
    });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "payload_too_large" });
    expect(upstream.requests).toHaveLength(0);
  });

  it("are a tenant's own where it was given some, at once, until they are taken back", async () => {
    const limitOf = async (key: string) =>
      (await get("/api/v1/stats", key)).headers.get("ratelimit-policy");
    expect(await limitOf(acme)).toBe('"catalog-read";q=2;w=60');
    const body = JSON.stringify({ "catalog-read": 7 });
    await gateway.admin("/tenants/acme/limits", { method: "PUT", body });
    expect(await limitOf(acme)).toBe('"catalog-read";q=7;w=60');
    expect(await limitOf(globex)).toBe('"catalog-read";q=2;w=60');
    await gateway.admin("/tenants/acme/limits", { method: "DELETE" });
    expect(await limitOf(acme)).toBe('"catalog-read";q=2;w=60');
  });
});
