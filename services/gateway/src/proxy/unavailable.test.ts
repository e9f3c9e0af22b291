import { once } from "node:events";
import { connect } from "node:net";
import { OPERATIONS } from "@orrery/common/contracts/operations";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
  unreachableUrl,
} from "../testing/gateway-harness.ts";

describe("a service that is away", () => {
  let gateway: TestGateway | undefined;
  let upstream: UpstreamServer | undefined;
  afterEach(async () => {
    vi.useRealTimers();
    await gateway?.close();
    await upstream?.close();
    gateway = undefined;
    upstream = undefined;
  });

  it.each([
    ["POST", "/api/v1/billing/deduct", "billing_unavailable"],
    ["POST", "/api/billing/deduct", "billing_unavailable"],
    ["GET", "/api/v1/billing/balance/ada", "service_unavailable"],
    ["GET", "/api/v1/stats", "service_unavailable"],
  ])("answers %s %s with 503 %s, and says when to try again", async (method, path, code) => {
    const away = await unreachableUrl();
    gateway = await startGateway({ BILLING_URL: away, CATALOG_URL: away });
    const { key } = await gateway.createKey("acme");
    const body = method === "POST" ? "{}" : null;
    const response = await gateway.fetch(path, { method, body, headers: { "x-api-key": key } });
    expect(response.status).toBe(503);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await response.json()).toMatchObject({
      code,
      instance: path.replace(/^\/api\/b/, "/api/v1/b"),
    });
  });

  it("answers 504 once the operation's time is over, and ends the service's work", async () => {
    const closed = Promise.withResolvers<void>();
    upstream = await startUpstream();
    const arrived = new Promise<void>((resolve) => {
      if (upstream !== undefined) {
        upstream.handler = (request) => {
          request.once("close", () => closed.resolve());
          resolve();
        };
      }
    });
    gateway = await startGateway({ BILLING_URL: upstream.url, CATALOG_URL: upstream.url });
    const { key } = await gateway.createKey("acme");
    // Only the timers of this process's own wait are held still; sockets go on.
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const pending = gateway.fetch("/api/v1/stats", { headers: { "x-api-key": key } });
    await arrived;
    vi.advanceTimersByTime(OPERATIONS.getStats.timeoutMs);
    const response = await pending;
    vi.useRealTimers();
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ code: "gateway_timeout" });
    await closed.promise;
  });

  it("lets an answer that began before the body was all sent take as long as it needs", async () => {
    upstream = await startUpstream();
    const held = Promise.withResolvers<() => void>();
    upstream.handler = (request, response) => {
      response.write("begun");
      request.resume();
      request.on("end", () => held.resolve(() => response.end(", ended")));
    };
    gateway = await startGateway({ CATALOG_URL: upstream.url });
    const { key } = await gateway.createKey("acme");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { readable, writable } = new TransformStream<Uint8Array>();
    const writer = writable.getWriter();
    await Promise.all([
      writer.ready,
      writer.write(Buffer.from("first")).catch(() => undefined),
      (async () => {
        const response = await gateway?.fetch("/api/v1/tokens", {
          method: "POST",
          headers: { "x-api-key": key },
          body: readable,
          duplex: "half",
        });
        await writer.write(Buffer.from("second"));
        await writer.close();
        const end = await held.promise;
        vi.advanceTimersByTime(OPERATIONS.createToken.timeoutMs * 2);
        end();
        expect(await response?.text()).toBe("begun, ended");
      })(),
    ]);
  });

  it("cuts a caller off that takes nothing of its answer, and ends the service's work", async () => {
    upstream = await startUpstream();
    const closed = Promise.withResolvers<void>();
    upstream.handler = (_request, response) => {
      const chunk = Buffer.alloc(1_024 * 1_024);
      response.on("close", () => closed.resolve());
      const more = () => {
        while (response.write(chunk));
        response.once("drain", more);
      };
      more();
    };
    gateway = await startGateway({ CATALOG_URL: upstream.url });
    const { key } = await gateway.createKey("acme");
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const socket = connect(gateway.port, "127.0.0.1");
    socket.write(`GET /api/v1/stats HTTP/1.1\r\nhost: a\r\nx-api-key: ${key}\r\n\r\n`);
    await once(socket, "readable");
    // Time goes on; what is sent settles at what the buffers on the way hold.
    const passing = setInterval(() => vi.advanceTimersByTime(1_000), 5);
    await closed.promise;
    clearInterval(passing);
    socket.destroy();
    expect(gateway.lines.join("")).toContain("the caller takes nothing");
  });

  it("finishes what runs when it drains", async () => {
    upstream = await startUpstream();
    const held = Promise.withResolvers<() => void>();
    upstream.handler = (_request, response) => held.resolve(() => response.end("finished"));
    const draining = await startGateway({ CATALOG_URL: upstream.url });
    const { key } = await draining.createKey("acme");
    const pending = draining.fetch("/api/v1/stats", { headers: { "x-api-key": key } });
    const finish = await held.promise;
    const closed = draining.close();
    finish();
    expect(await (await pending).text()).toBe("finished");
    await closed;
  });
});
