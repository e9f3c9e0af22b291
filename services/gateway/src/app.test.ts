import { OPERATIONS } from "@orrery/common/contracts/operations";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "./app.ts";
import {
  sendRaw,
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "./testing/gateway-harness.ts";
import { VERSIONS } from "./versions/version.ts";

describe("the gateway's routes", () => {
  let upstream: UpstreamServer;
  let gateway: TestGateway;
  let key: string;
  beforeAll(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ BILLING_URL: upstream.url, CATALOG_URL: upstream.url });
    ({ key } = await gateway.createKey("acme"));
  });
  afterAll(async () => {
    await gateway.close();
    await upstream.close();
  });

  it("are the operations table under every mount, health, and what is outside the versions", () => {
    const operations = Object.values(OPERATIONS).map(({ method, path }) => `${method} ${path}`);
    const inVersion = [...operations, "GET /health"];
    const probes = ["/livez", "/readyz", "/startupz", "/health", "/metrics"];
    const pages = ["/docs", "/docs/:file", "/status", "/status/page.css", "/status/page.js"];
    const outside = [...probes, ...pages, "/status/data", "/openapi.json"];
    const expected = [
      ...["/api/v1", "/api"].flatMap((mount) =>
        inVersion.map((route) => route.replace(" ", ` ${mount}`)),
      ),
      ...outside.map((path) => `GET ${path}`),
    ];
    const isWildcard = (route: string) => route.endsWith("*");
    expect(mountedRoutes(gateway)).toEqual(expected.filter((r) => !isWildcard(r)).toSorted());
    for (const route of expected.filter(isWildcard)) {
      const [method = "", url = ""] = route.split(" ");
      expect(gateway.gateway.app.hasRoute({ method, url }), route).toBe(true);
    }
  });

  it.each([
    ["an unknown route", "/api/v1/nothing"],
    ["an unknown route under the alias", "/api/nothing"],
    ["the version itself", "/api/v1"],
    ["the alias itself", "/api"],
    ["a version that is not there", "/api/v9/stats"],
    ["an internal route", "/api/v1/internal/v1/store"],
    ["a known path with a slash more", "/api/v1/stats/"],
    ["a path out of the version", "/api/v1/../../internal/v1/store"],
  ])("answer %s with 404 and the version", async (_what, path) => {
    const request = `GET ${path} HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\nconnection: close\r\n\r\n`;
    const answer = await sendRaw(gateway.port, request);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toContain("\r\nx-api-version: v1\r\n");
    expect(answer).toContain('"code":"route_not_found"');
  });

  it.each([
    "/internal/v1/store",
    "/internal/v1/events",
    "/nothing",
    "/%61pi/v1/stats",
    "//api/v1/stats",
  ])("never pass %s on", async (path) => {
    upstream.requests.length = 0;
    const response = await gateway.fetch(path, { headers: { "x-api-key": key } });
    expect(response.status).toBe(404);
    expect(response.headers.has("x-api-version")).toBe(false);
    expect(upstream.requests).toHaveLength(0);
  });

  it.each([
    ["a path that cannot be decoded", "GET /api/v1/tokens/%zz HTTP/1.1\r\nhost: a", 400],
    [
      "a parameter that is too long",
      `GET /api/v1/tokens/${"x".repeat(800)} HTTP/1.1\r\nhost: a`,
      414,
    ],
    [
      "headers that are too large",
      `GET /api/v1/stats HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(20_000)}`,
      431,
    ],
    [
      "two lengths",
      "POST /api/v1/tokens HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2",
      400,
    ],
    [
      "a length and chunks",
      "POST /api/v1/tokens HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ntransfer-encoding: chunked",
      400,
    ],
    ["no HTTP", "HELLO", 400],
  ])("answer %s as a problem, with the version", async (_what, head, status) => {
    const answer = await sendRaw(gateway.port, `${head}\r\nconnection: close\r\n\r\n`);
    const [headers = "", body = ""] = answer.split("\r\n\r\n");
    expect(headers).toContain(`HTTP/1.1 ${status} `);
    expect(headers).toContain("content-type: application/problem+json; charset=utf-8");
    expect(headers).toContain("x-api-version: v1");
    const problem = JSON.parse(body) as Record<string, unknown>;
    expect(problem).toMatchObject({ status, code: expect.any(String) });
    expect(headers).toContain(`x-request-id: ${String(problem["requestId"])}`);
  });

  it("give an alias's problem the canonical instance, so that the bytes are the same", async () => {
    const bodies = await Promise.all(
      ["/api/v1/stats", "/api/stats"].map(async (path) => {
        const response = await gateway.fetch(path, { headers: { "x-request-id": "same" } });
        return response.text();
      }),
    );
    expect(bodies[0]).toBe(bodies[1]);
  });

  it("leave the probes outside the versions", async () => {
    for (const path of ["/livez", "/readyz", "/startupz", "/health", "/metrics"]) {
      const response = await gateway.fetch(path);
      expect(response.headers.has("x-api-version")).toBe(false);
    }
  });
});

describe("a version beside v1", () => {
  it("has its own mount, header and sunset, and changes nothing of v1", async () => {
    const upstream = await startUpstream();
    const gateway = await startGateway({ CATALOG_URL: upstream.url });
    const v2 = {
      name: "v2",
      mount: "/api/v2",
      aliases: [],
      operations: { getStats: OPERATIONS.getStats },
      sunsetAt: new Date("2028-01-01T00:00:00.000Z"),
    } as const;
    const app = buildApp({
      ...gateway.gateway.dependencies,
      measuring: { registry: undefined },
      versions: [...VERSIONS, v2],
    });
    const url = await app.listen({ host: "127.0.0.1", port: 0 });
    const { key } = await gateway.createKey("acme");
    const headers = { "x-api-key": key };
    const second = await fetch(`${url}/api/v2/stats?a=1`, { headers });
    expect(second.headers.get("x-api-version")).toBe("v2");
    expect(second.headers.get("sunset")).toBe("Sat, 01 Jan 2028 00:00:00 GMT");
    expect(await second.json()).toMatchObject({ url: "/api/v2/stats?a=1" });
    for (const path of ["/api/v1/stats", "/api/stats"]) {
      const first = await fetch(`${url}${path}`, { headers });
      expect(first.headers.get("x-api-version")).toBe("v1");
      expect(first.headers.has("sunset")).toBe(false);
      expect(await first.json()).toMatchObject({ url: "/api/v1/stats" });
    }
    await app.close();
    await gateway.close();
    await upstream.close();
  });
});

/** `GET /path` of every route; HEAD comes with GET. */
function mountedRoutes({ gateway }: TestGateway): string[] {
  const routes: string[] = [];
  const tree = gateway.app.printRoutes({ commonPrefix: false, includeMeta: false });
  const path: string[] = [];
  for (const line of tree.split("\n")) {
    const [, indent = "", segment = "", methods] =
      /^([│├└─\s]*)(\S*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
    const depth = indent.length / 4;
    path.length = Math.max(0, depth - 1);
    path.push(segment);
    for (const method of methods?.split(", ") ?? []) {
      // The tree shows a wildcard without the path before it.
      if (method !== "HEAD" && segment !== "*") routes.push(`${method} ${path.join("")}`);
    }
  }
  return routes.toSorted();
}
