import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
} from "../testing/gateway-harness.ts";

describe("a body that is long in coming", () => {
  let upstream: UpstreamServer;
  let gateway: TestGateway;
  beforeEach(async () => {
    upstream = await startUpstream();
    gateway = await startGateway({ BILLING_URL: upstream.url, CATALOG_URL: upstream.url });
  });
  afterEach(async () => {
    vi.useRealTimers();
    await gateway.close();
    await upstream.close();
  });

  /** Sends head and half of the body; resolves when the gateway has asked for the other half. */
  async function begin(key: string, path = "/tokens") {
    const socket = connect(gateway.port, "127.0.0.1");
    let answer = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      answer += chunk;
    });
    const head = [`POST /api/v1${path} HTTP/1.1`, "host: a", `x-api-key: ${key}`];
    const type = ["content-type: application/json", "content-length: 2"];
    const more = ["expect: 100-continue", "connection: close", "", ""];
    socket.write([...head, ...type, ...more].join("\r\n"));
    await expect.poll(() => answer).toContain("100 Continue");
    socket.write("{");
    const end = async () => {
      socket.write("}");
      await once(socket, "close");
      return answer;
    };
    return { socket, end };
  }

  it("reaches the service when it is whole, and holds no connection before", async () => {
    const { key } = await gateway.createKey("acme");
    const { end } = await begin(key);
    expect(upstream.requests).toEqual([]);
    expect(await end()).toMatch(/HTTP\/1\.1 200 OK/);
    expect(upstream.requests[0]?.headers["content-length"]).toBe("2");
  });

  it.each(["/tokens", "/billing/deduct/bulk"])(
    "is refused when its key was revoked meanwhile: %s",
    async (path) => {
      const { id, key } = await gateway.createKey("acme");
      const { end } = await begin(key, path);
      await gateway.admin(`/tenants/acme/keys/${id}`, { method: "DELETE" });
      const now = performance.now.bind(performance);
      const later = vi.spyOn(performance, "now").mockImplementation(() => now() + 2_000);
      const answer = await end();
      later.mockRestore();
      expect(answer).toMatch(/HTTP\/1\.1 401 /);
      expect(upstream.requests).toEqual([]);
    },
  );

  it("is nobody's business when its caller goes away", async () => {
    const { key } = await gateway.createKey("acme");
    const { socket } = await begin(key);
    socket.destroy();
    await expect
      .poll(async () => (await gateway.fetch("/metrics")).text())
      .toContain('gateway_callers_gone_total{service="catalog"} 1');
    expect(upstream.requests.map(({ url }) => url)).not.toContain("/api/v1/tokens");
  });
});
