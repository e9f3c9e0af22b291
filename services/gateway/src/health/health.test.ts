import { afterEach, describe, expect, it } from "vitest";
import {
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
  unreachableUrl,
} from "../testing/gateway-harness.ts";

interface Report {
  status: string;
  checks: Record<string, string>;
}

describe("the gateway's health", () => {
  const opened: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0).toReversed()) await close();
  });

  async function service(status: number, report: unknown): Promise<UpstreamServer> {
    const upstream = await startUpstream();
    opened.push(() => upstream.close());
    upstream.handler = (_request, response) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(typeof report === "string" ? report : JSON.stringify(report));
    };
    return upstream;
  }
  async function gatewayTo(billing: string, catalog: string): Promise<TestGateway> {
    const gateway = await startGateway({
      BILLING_URL: billing,
      CATALOG_URL: catalog,
      APP_VERSION: "1.2.3",
    });
    opened.push(() => gateway.close());
    return gateway;
  }
  const ok = { status: "ok", checks: { api: "ok" } };

  it("is public, on every path, and the same on all of them", async () => {
    const upstream = await service(200, ok);
    const gateway = await gatewayTo(upstream.url, upstream.url);
    for (const path of ["/health", "/api/v1/health", "/api/health"]) {
      const response = await gateway.fetch(path);
      expect(response.status).toBe(200);
      expect(response.headers.get("x-api-version")).toBe(path === "/health" ? null : "v1");
      expect(await response.json()).toEqual({
        status: "ok",
        version: "1.2.3",
        timestamp: expect.any(String),
        checks: { api: "ok", billing: "ok", catalog: "ok" },
      });
    }
    // One probe each of two services: the result is shared for a second.
    expect(upstream.requests).toHaveLength(2);
  });

  it("repeats what billing says of the chain, and nobody else's word on it", async () => {
    const billing = await service(200, {
      status: "degraded",
      checks: { api: "ok", database: "ok", soroban_rpc: "down", horizon: "ok", secret: "x" },
    });
    const catalog = await service(200, { ...ok, checks: { horizon: "down" } });
    const gateway = await gatewayTo(billing.url, catalog.url);
    const response = await gateway.fetch("/api/v1/health");
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: "degraded",
      checks: {
        api: "ok",
        billing: "degraded",
        soroban_rpc: "down",
        horizon: "ok",
        catalog: "ok",
      },
    });
  });

  it("is degraded while one service is away, and down when all are", async () => {
    const away = await unreachableUrl();
    const catalog = await service(200, ok);
    const one = await gatewayTo(away, catalog.url);
    const degraded = await one.fetch("/api/v1/health");
    expect(degraded.status).toBe(200);
    const report = (await degraded.json()) as Report;
    expect(report).toMatchObject({
      status: "degraded",
      checks: { billing: "down", catalog: "ok" },
    });
    expect(report.checks).not.toHaveProperty("soroban_rpc");

    const none = await gatewayTo(away, (await service(503, { status: "down" })).url);
    const down = await none.fetch("/api/v1/health");
    expect(down.status).toBe(503);
    const text = await down.text();
    expect(JSON.parse(text)).toMatchObject({
      status: "down",
      checks: { api: "ok", billing: "down", catalog: "down" },
    });
    expect(text).not.toMatch(/127\.0\.0\.1|ECONN|refused/);
    expect((await none.fetch("/readyz")).status).toBe(200);
  });

  it("does not believe an answer that is no health report", async () => {
    const odd = await service(200, { status: "splendid" });
    const broken = await service(200, "<html>");
    const gateway = await gatewayTo(odd.url, broken.url);
    expect(await (await gateway.fetch("/health")).json()).toMatchObject({
      checks: { billing: "degraded", catalog: "down" },
    });
  });
});
