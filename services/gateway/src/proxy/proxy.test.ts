import { createHash } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { verifyContext } from "@orrery/common/http/signed-context";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  CONTEXT_SECRET,
  echo,
  sendRaw,
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

const LIMIT = 256 * 1024;

interface Echo {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string;
}

describe("the proxy", () => {
  let billing: UpstreamServer;
  let catalog: UpstreamServer;
  let gateway: TestGateway;
  let key: { id: string; key: string };

  beforeAll(async () => {
    [billing, catalog] = await Promise.all([startUpstream(), startUpstream()]);
    gateway = await startGateway({ BILLING_URL: billing.url, CATALOG_URL: catalog.url });
    key = await gateway.createKey("acme");
  });
  afterAll(async () => {
    await gateway.close();
    await Promise.all([billing.close(), catalog.close()]);
  });
  beforeEach(() => {
    billing.handler = echo;
    catalog.handler = echo;
    billing.requests.length = 0;
    catalog.requests.length = 0;
  });

  const call = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set("x-api-key", key.key);
    return gateway.fetch(path, { ...init, headers });
  };
  const raw = (head: string, ...more: string[]) =>
    [`${head} HTTP/1.1`, "host: api.example", `x-api-key: ${key.key}`, ...more, "", ""].join(
      "\r\n",
    );

  it("sends each call to its service with a context that the service can verify", async () => {
    const response = await call("/api/v1/billing/balance/ada", {
      headers: { "x-request-id": "my-request-1" },
    });
    const got = (await response.json()) as Echo;
    expect(response.status).toBe(200);
    expect(response.headers.get("x-request-id")).toBe("my-request-1");
    expect(response.headers.get("x-api-version")).toBe("v1");
    expect(got).toMatchObject({ method: "GET", url: "/api/v1/billing/balance/ada" });
    expect(got.headers["x-request-id"]).toBe("my-request-1");
    const keys = [{ keyId: "k1", secret: CONTEXT_SECRET }];
    expect(verifyContext(got.headers["x-orrery-context"] ?? "", "billing", keys)).toEqual({
      tenantId: "acme",
      principal: `key:${key.id}`,
      scopes: ["billing:write", "billing:read", "catalog:write", "catalog:read"],
    });
    await call("/api/v1/stats");
    expect([billing.requests.length, catalog.requests.length]).toEqual([1, 1]);
  });

  it.each(["/api/v1", "/api"])(
    "leaves query and percent-encoding under %s exactly as they came",
    async (mount) => {
      const path = "/tokens/a%2Fb%20%C3%A9%7e";
      const query = "?q=%2B+a&q=b&empty=&x=%00%zz";
      const answer = await sendRaw(
        gateway.port,
        raw(`GET ${mount}${path}${query}`, "connection: close"),
      );
      expect(answer).toContain(`"url":"/api/v1${path}${query}"`);
    },
  );

  it("answers an alias with the same bytes and headers as the canonical path", async () => {
    catalog.handler = (_request, response) => {
      response.writeHead(418, { "content-type": "text/odd", "x-cache": "hit", etag: '"1"' });
      response.end("exactly these bytes");
    };
    const answers = await Promise.all(
      ["/api/v1/stats", "/api/stats"].map(async (path) => {
        const response = await call(path, { headers: { "x-request-id": "same" } });
        const headers = Object.fromEntries(response.headers);
        // It counts down.
        delete headers["ratelimit"];
        delete headers["date"];
        return { status: response.status, headers, body: await response.text() };
      }),
    );
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ status: 418, body: "exactly these bytes" });
  });

  it("adds its own headers to a passed answer, and takes away what is not the caller's", async () => {
    catalog.handler = (_request, response) => {
      response.setHeader("x-orrery-internal", "1");
      response.setHeader("x-internal-host", "catalog-7");
      response.setHeader("x-api-version", "v9");
      response.setHeader("connection", "x-hop, keep-alive");
      response.setHeader("x-hop", "1");
      response.setHeader("set-cookie", ["a=1", "b=2"]);
      response.end("ok");
    };
    const { headers } = await call("/api/v1/stats");
    expect(headers.get("x-api-version")).toBe("v1");
    expect(headers.get("ratelimit-policy")).toBe('"catalog-read";q=60000;w=60');
    expect(headers.get("ratelimit")).toMatch(/^"catalog-read";r=\d+;t=\d+$/);
    expect(headers.getSetCookie()).toEqual(["a=1", "b=2"]);
    for (const name of ["x-orrery-internal", "x-internal-host", "x-hop"]) {
      expect(headers.has(name)).toBe(false);
    }
  });

  it("drops spoofed and hop-by-hop headers on the way to the service", async () => {
    const answer = await sendRaw(
      gateway.port,
      raw(
        "GET /api/v1/stats",
        "X-Orrery-Context: forged",
        "x-tenant-id: acme",
        "x-internal-admin: yes",
        "X-Forwarded-For: 1.2.3.4",
        "Forwarded: for=1.2.3.4",
        "x-named: 1",
        "TE: trailers",
        "x-kept: 1",
        "Connection: close, X-Named",
      ),
    );
    const { headers } = JSON.parse(answer.split("\r\n\r\n")[1] ?? "") as Echo;
    expect(answer).not.toContain("forged");
    expect(headers).toMatchObject({ "x-kept": "1", "x-forwarded-for": "127.0.0.1" });
    for (const name of ["x-tenant-id", "x-internal-admin", "forwarded", "x-named", "te"]) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(headers).not.toHaveProperty("x-api-key");
  });

  it.each([
    ["with a length", (body: string) => ({ body })],
    ["in chunks", (body: string) => ({ body: new Blob([body]).stream(), duplex: "half" as const })],
  ])("passes a body %s, of whatever type", async (_how, bodyOf) => {
    const body = "é".repeat(50_000);
    const response = await call("/api/v1/billing/deduct", {
      method: "POST",
      headers: { "content-type": "application/x-odd; a=b" },
      ...bodyOf(body),
    });
    const got = (await response.json()) as Echo;
    expect(got.body).toBe(body);
    expect(got.headers["content-type"]).toBe("application/x-odd; a=b");
  });

  it("passes a POST without a body or a type", async () => {
    const response = await call("/api/v1/pools/p1/close", { method: "POST" });
    expect(await response.json()).toMatchObject({ method: "POST", body: "" });
  });

  it("answers HEAD as GET without the body", async () => {
    const response = await call("/api/v1/stats", { method: "HEAD" });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe("");
    expect(catalog.requests[0]?.method).toBe("HEAD");
  });

  it("refuses a body that announces too much before the service hears of it", async () => {
    const response = await call("/api/v1/tokens", { method: "POST", body: "x".repeat(LIMIT + 1) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "payload_too_large" });
    expect(catalog.requests).toHaveLength(0);
  });

  it("passes a body of exactly the limit", async () => {
    const response = await call("/api/v1/tokens", { method: "POST", body: "x".repeat(LIMIT) });
    expect(((await response.json()) as Echo).body).toHaveLength(LIMIT);
  });

  it("cuts a body off that grows past the limit", async () => {
    const body = new Blob(["x".repeat(LIMIT + 1)]).stream();
    const response = await call("/api/v1/tokens", { method: "POST", body, duplex: "half" });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: "payload_too_large" });
    await expect.poll(() => catalog.requests.every(({ complete }) => !complete)).toBe(true);
  });

  it("takes media up to their own limit, and of a byte more nothing", async () => {
    const maxBytes = 10 * 1_024 * 1_024;
    const putMedia = (body: RequestInit["body"]) =>
      call("/api/v1/tokens/T/media?path=a", {
        method: "PUT",
        headers: { "content-type": "video/mp4" },
        body: body ?? null,
        duplex: "half",
      });
    let receivedBytes = 0;
    catalog.handler = (request, response) => {
      request.on("data", (chunk: Buffer) => {
        receivedBytes += chunk.length;
      });
      request.on("end", () => response.end());
    };
    expect((await putMedia(Buffer.alloc(maxBytes))).status).toBe(200);
    expect(receivedBytes).toBe(maxBytes);
    catalog.requests.length = 0;
    const announced = await putMedia(Buffer.alloc(maxBytes + 1));
    expect(announced.status).toBe(413);
    expect(catalog.requests).toEqual([]);
  });

  it("passes a link to media without a credential, its path as it was written", async () => {
    const path = "/media/acme/a%2Fb/hls/../%2e%2e/x.ts?expires=1&sig=k.acme.mac";
    for (const mount of ["/api/v1", "/api"]) {
      const request = `GET ${mount}${path} HTTP/1.1\r\nhost: api.example\r\nconnection: close\r\n\r\n`;
      expect(await sendRaw(gateway.port, request)).toMatch(/^HTTP\/1\.1 200 /);
      expect(catalog.requests.at(-1)?.url).toBe(`/api/v1${path}`);
    }
  });

  it("passes an answer on while it is still being made", async () => {
    const held = Promise.withResolvers<ServerResponse>();
    catalog.handler = (_request, response) => {
      response.write("first");
      held.resolve(response);
    };
    const response = await call("/api/v1/stats");
    const reader = response.body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).toBe("first");
    (await held.promise).end();
    expect((await reader?.read())?.done).toBe(true);
  });

  it("passes a large answer unharmed, and no faster than the caller reads", async () => {
    const chunk = Buffer.alloc(1024 * 1024, "orrery");
    const chunks = 48;
    let sent = 0;
    catalog.handler = (_request, response) => {
      const more = () => {
        while (sent < chunks) {
          sent += 1;
          if (!response.write(chunk)) return void response.once("drain", more);
        }
        response.end();
      };
      more();
    };
    const socket = connect(gateway.port, "127.0.0.1");
    socket.write(raw("GET /api/v1/stats", "connection: close"));
    await once(socket, "readable");
    // Nobody reads: what was sent settles at what the buffers hold.
    let before = -1;
    await vi.waitFor(
      () => {
        const isStill = sent === before;
        before = sent;
        expect(isStill).toBe(true);
      },
      { interval: 200, timeout: 10_000 },
    );
    expect(sent).toBeLessThan(chunks);
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const part of socket) {
      hash.update(part as Buffer);
      bytes += (part as Buffer).length;
    }
    expect(sent).toBe(chunks);
    expect(bytes).toBeGreaterThan(chunks * chunk.length);
  });

  it("ends the service's work when the caller goes away", async () => {
    const arrived = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<void>();
    catalog.handler = (request) => {
      request.once("close", () => closed.resolve());
      arrived.resolve();
    };
    const abort = new AbortController();
    const response = call("/api/v1/stats", { signal: abort.signal });
    await arrived.promise;
    abort.abort();
    await expect(response).rejects.toMatchObject({ name: "AbortError" });
    await closed.promise;
    const metrics = await (await gateway.fetch("/metrics")).text();
    expect(metrics).toMatch(/gateway_callers_gone_total\{service="catalog"\} [1-9]/);
  });

  it("ends the service's work when the caller goes away in the middle of the answer", async () => {
    const closed = Promise.withResolvers<void>();
    catalog.handler = (_request, response) => {
      response.once("close", () => closed.resolve());
      response.write("begun");
    };
    const abort = new AbortController();
    const response = await call("/api/v1/stats", { signal: abort.signal });
    expect(response.status).toBe(200);
    abort.abort();
    await closed.promise;
  });

  it("cuts the caller's connection when an answer breaks off, so that half is never a whole", async () => {
    catalog.handler = (_request, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    };
    const response = await call("/api/v1/stats");
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow("terminated");
  });

  it("answers 502 when the service breaks off before it answers", async () => {
    catalog.handler = (request) => request.socket.destroy();
    const response = await call("/api/v1/stats");
    expect(response.status).toBe(502);
    expect(response.headers.get("x-api-version")).toBe("v1");
    expect(response.headers.get("ratelimit")).not.toBeNull();
    expect(await response.json()).toMatchObject({
      code: "bad_gateway",
      instance: "/api/v1/stats",
    });
  });

  it("answers 502 to an answer that is not HTTP", async () => {
    catalog.handler = (request) => request.socket.end("SSH-2.0-OpenSSH\r\n");
    expect((await call("/api/v1/stats")).status).toBe(502);
  });

  it("keeps the caller's connection when a service refuses a body early", async () => {
    catalog.handler = (_request, response) => {
      response.writeHead(415).end();
    };
    for (let round = 0; round < 3; round += 1) {
      const body = "x".repeat(LIMIT);
      expect((await call("/api/v1/tokens", { method: "POST", body })).status).toBe(415);
    }
  });

  it("counts and logs a passed answer like any other, and nothing secret", async () => {
    catalog.handler = (_request, response) => {
      response.writeHead(409).end();
    };
    await call("/api/v1/tokens/secret-looking", { headers: { "x-request-id": "logged-1" } });
    const line = () => gateway.lines.find((text) => text.includes("logged-1"));
    await expect
      .poll(() => JSON.parse(line() ?? "{}"))
      .toMatchObject({
        msg: "request",
        method: "GET",
        route: "/api/v1/tokens/:address",
        statusCode: 409,
        tenantId: "acme",
      });
    expect(gateway.lines.join("")).not.toContain(key.key.slice(-43));
    const metrics = await (await gateway.fetch("/metrics")).text();
    expect(metrics).toMatch(
      /http_request_duration_seconds_count\{.*route="\/api\/v1\/tokens\/:address".*status_code="409".*\} 1/,
    );
  });

  it("says 100 Continue only to a request that may go on", async () => {
    const body = `{"a":1}`;
    const expectation = ["expect: 100-continue", `content-length: ${body.length}`];
    const good = raw("POST /api/v1/tokens", "connection: close", ...expectation);
    expect(await sendRaw(gateway.port, good + body)).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/,
    );
    const bad = good.replace(key.key, "ork_wrong");
    const refused = await sendRaw(gateway.port, bad);
    expect(refused).toMatch(/^HTTP\/1\.1 401 /);
    expect(refused.toLowerCase()).toContain("connection: close");
    const tooLarge = raw(
      "POST /api/v1/tokens",
      "expect: 100-continue",
      `content-length: ${LIMIT + 1}`,
    );
    expect(await sendRaw(gateway.port, tooLarge)).toMatch(/^HTTP\/1\.1 413 /);
    expect(catalog.requests).toHaveLength(1);
  });

  it("refuses other expectations and WebSockets", async () => {
    const other = await sendRaw(gateway.port, raw("GET /api/v1/stats", "expect: miracles"));
    expect(other).toMatch(/^HTTP\/1\.1 417 /);
    expect(other).toContain("x-api-version: v1");
    const upgrade = raw("GET /api/v1/stats", "connection: upgrade", "upgrade: websocket");
    expect(await sendRaw(gateway.port, upgrade)).toMatch(/^HTTP\/1\.1 400 /);
    expect(catalog.requests).toHaveLength(0);
  });

  it.each(["gzip, chunked", "chunked, chunked", "identity"])(
    "refuses the transfer coding %s, which would be lost on the way",
    async (coding) => {
      const head = raw("POST /api/v1/tokens", `transfer-encoding: ${coding}`, "connection: close");
      expect(await sendRaw(gateway.port, `${head}0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
      expect(catalog.requests).toHaveLength(0);
    },
  );

  it("does not pass the content of a GET on", async () => {
    const answer = await sendRaw(
      gateway.port,
      `${raw("GET /api/v1/stats", "content-length: 5", "connection: close")}hello`,
    );
    expect(answer).toContain('"body":""');
    expect(catalog.requests[0]?.headers).not.toHaveProperty("content-length");
  });
});
