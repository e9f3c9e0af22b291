import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  echo,
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
  unreachableUrl,
} from "../testing/gateway-harness.ts";
import type { StatusReport } from "./status-service.ts";

const BILLING_METRICS = `billing_deductions_total{outcome="accepted"} 12
billing_deductions_total{outcome="confirmed"} 11
billing_pending{state="sent"} 1
billing_pending_age_seconds 0.75
soroban_unknown_outcomes 0
db_pool_saturation 0.3
`;

describe("the status page", () => {
  let billing: UpstreamServer;
  let gateway: TestGateway;
  beforeAll(async () => {
    billing = await startUpstream();
    billing.handler = (request, response) => {
      if (request.url === "/metrics") response.end(BILLING_METRICS);
      else if (request.url === "/health") response.end('{"status":"ok","checks":{}}');
      else echo(request, response);
    };
    const away = await unreachableUrl();
    gateway = await startGateway({ BILLING_URL: billing.url, CATALOG_URL: away });
  });
  afterAll(async () => {
    await gateway?.close();
    await billing?.close();
  });

  it("is served with what it is made of, from here alone and without a credential", async () => {
    const page = await gateway.fetch("/status");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toContain("script-src 'self'");
    const html = await page.text();
    const named = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = ""]) => path);
    expect(named).toEqual(["status/page.css", "status/data", "status/page.js"]);
    for (const path of named) expect((await gateway.fetch(`/${path}`)).status).toBe(200);
    expect(html).not.toMatch(/https?:|style=|\son\w+=/);
  });

  it("tells of components, deductions and errors, and of nothing that it does not know", async () => {
    const { key } = await gateway.createKey("acme");
    const failed = await gateway.fetch("/api/v1/tokens/search?q=secret", {
      headers: { "x-api-key": key, "x-request-id": "order-4711" },
    });
    expect(failed.status).toBe(503);
    await expect
      .poll(async () => (await read()).errors.map(({ route }) => route))
      .toEqual(["/api/v1/tokens/search"]);
    const report = await read();
    expect(report).toMatchObject({
      status: "degraded",
      components: { api: "ok", billing: "ok", catalog: "down" },
      deductions: { accepted: 12, confirmed: 11 },
      pending: { sent: 1 },
      pendingAgeSeconds: 0.75,
      unknownOutcomes: 0,
      poolSaturation: { billing: 0.3, catalog: null },
      cacheHitRate: null,
      errors: [{ method: "GET", status: 503 }],
    });
    expect(JSON.stringify(report)).not.toMatch(/secret|order-4711/);
  });

  it("asks the services once for all who ask within a second", async () => {
    await expect
      .poll(async () => {
        const before = countOfMetrics();
        await Promise.all(Array.from({ length: 20 }, read));
        return countOfMetrics() - before;
      })
      .toBeLessThanOrEqual(1);
  });

  const read = async () => (await (await gateway.fetch("/status/data")).json()) as StatusReport;
  const countOfMetrics = () => billing.requests.filter(({ url }) => url === "/metrics").length;
});
