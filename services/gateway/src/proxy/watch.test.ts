import type { ServerResponse } from "node:http";
import { SignJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  JWT_SECRET,
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

const PATH = "/api/v1/leaderboard/newest/live";

describe("a watch", () => {
  let catalog: UpstreamServer;
  let gateway: TestGateway;
  let responses: ServerResponse[];
  let isClosed: boolean;

  beforeEach(async () => {
    responses = [];
    isClosed = false;
    catalog = await startUpstream();
    catalog.handler = (_request, response) => {
      responses.push(response);
      response.on("close", () => {
        isClosed = true;
      });
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
      response.write("retry: 2000\n\n");
    };
    gateway = await startGateway({ CATALOG_URL: catalog.url });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await gateway.close();
    await catalog.close();
  });

  async function watch(headers: Record<string, string>) {
    const response = await gateway.fetch(PATH, { headers });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const rest = async () => {
      let text = "";
      for (;;) {
        const part = await reader?.read();
        if (part === undefined || part.done) return text;
        text += part.value;
      }
    };
    return { status: response.status, first: (await reader?.read())?.value, rest };
  }

  it("is passed on as it comes", async () => {
    const { key } = await gateway.createKey("acme");
    const { status, first, rest } = await watch({ "x-api-key": key });
    expect([status, first]).toEqual([200, "retry: 2000\n\n"]);
    responses[0]?.end("data: 1\n\n");
    expect(await rest()).toBe("data: 1\n\n");
    expect(gateway.gateway.dependencies.proxy.streams.size).toBe(0);
  });

  it("ends with the revocation of its key, cleanly, and on the service's side too", async () => {
    const { id, key } = await gateway.createKey("acme");
    const other = await gateway.createKey("acme");
    const [mine, others] = [
      await watch({ "x-api-key": key }),
      await watch({ "x-api-key": other.key }),
    ];
    await gateway.admin(`/tenants/acme/keys/${id}`, { method: "DELETE" });
    expect(await mine.rest()).toBe("");
    await expect.poll(() => isClosed).toBe(true);
    expect(gateway.gateway.dependencies.proxy.streams.size).toBe(1);
    responses[1]?.end("data: on\n\n");
    expect(await others.rest()).toBe("data: on\n\n");
    const metrics = await (await gateway.fetch("/metrics")).text();
    expect(metrics).toContain('gateway_event_streams_ended_total{reason="revoked"} 1');
  });

  it("ends with its token's time, and the skew that is granted to it", async () => {
    const token = await new SignJWT({ sub: "ada", tenant_id: "acme", scope: "catalog:read" })
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime("1m")
      .sign(new TextEncoder().encode(JWT_SECRET));
    const headers = { authorization: `Bearer ${token}` };
    const { status, rest } = await watch(headers);
    expect(status).toBe(200);
    // Only the time of day goes on: what looks at it every moment sees the end come.
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.now() + 91_000);
    expect(await rest()).toBe("");
    expect((await gateway.fetch(PATH, { headers })).status).toBe(401);
  });

  it("ends when the gateway drains", async () => {
    const { key } = await gateway.createKey("acme");
    const { rest } = await watch({ "x-api-key": key });
    const closed = gateway.gateway.app.close();
    expect(await rest()).toBe("");
    await closed;
  });

  it("takes no connection from calls", async () => {
    const { key } = await gateway.createKey("acme");
    await watch({ "x-api-key": key });
    const metrics = await (await gateway.fetch("/metrics")).text();
    const { host } = new URL(catalog.url);
    const pending = (lane: string) =>
      `gateway_upstream_pending{service="catalog",instance="${host}",lane="${lane}"}`;
    expect(metrics).toContain(`${pending("watches")} 1`);
    expect(metrics).toContain(`${pending("calls")} 0`);
  });
});
