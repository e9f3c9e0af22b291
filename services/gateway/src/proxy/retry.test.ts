import { afterEach, describe, expect, it } from "vitest";
import {
  echo,
  startGateway,
  startUpstream,
  type TestGateway,
  type UpstreamServer,
  unreachableUrl,
} from "../testing/gateway-harness.ts";
import { FAILURES_TO_OPEN } from "./upstream/breaker.ts";

describe("a request whose connection fails", () => {
  const opened: { close(): Promise<void> }[] = [];
  let key: string;
  afterEach(async () => {
    for (const one of opened.splice(0).toReversed()) await one.close();
  });

  async function start(...urls: string[]): Promise<TestGateway> {
    const list = urls.join(",");
    const gateway = await startGateway({ BILLING_URL: list, CATALOG_URL: list });
    opened.push(gateway);
    ({ key } = await gateway.createKey("acme"));
    return gateway;
  }
  async function service(): Promise<UpstreamServer> {
    const upstream = await startUpstream();
    opened.push(upstream);
    return upstream;
  }
  /** Hangs up on the first requests, without a byte of an answer. */
  function hangUp(upstream: UpstreamServer, times: number): void {
    let left = times;
    upstream.handler = (request, response) => {
      left -= 1;
      if (left >= 0) request.socket.destroy();
      else echo(request, response);
    };
  }
  const call = (gateway: TestGateway, path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    headers.set("x-api-key", key);
    return gateway.fetch(`/api/v1${path}`, { ...init, headers });
  };
  const withKey = { "idempotency-key": "once" };
  const stream = (text: string) =>
    ({ body: new Blob([text]).stream(), duplex: "half" }) satisfies RequestInit;

  it.each<[string, string, RequestInit]>([
    ["a GET", "/stats", {}],
    ["a PUT", "/billing/vaults/ada", { method: "PUT", body: "{}" }],
    ["a deduction", "/billing/deduct", { method: "POST", body: "{}" }],
    ["deductions in bulk", "/billing/deduct/bulk", { method: "POST", body: "{}" }],
    ["a POST with a key", "/tokens", { method: "POST", body: "{}", headers: withKey }],
    ["one in chunks", "/tokens", { method: "POST", headers: withKey, ...stream("{}") }],
    ["a POST with a key and no body", "/pools/p/close", { method: "POST", headers: withKey }],
  ])("is sent a second time: %s", async (_what, path, init) => {
    const upstream = await service();
    const gateway = await start(upstream.url);
    hangUp(upstream, 1);
    const response = await call(gateway, path, init);
    expect(response.status).toBe(200);
    const { body } = (await response.json()) as { body: string };
    expect(body).toBe(init.body === undefined ? "" : "{}");
    expect(upstream.requests).toHaveLength(2);
    const [first, second] = upstream.requests.map(({ headers }) => headers);
    expect(second).toEqual(first);
    const metrics = await (await gateway.fetch("/metrics")).text();
    expect(metrics).toMatch(/gateway_upstream_retries_total\{service="\w+"\} 1/);
  });

  it("is not sent a third time", async () => {
    const upstream = await service();
    const gateway = await start(upstream.url);
    hangUp(upstream, 2);
    const response = await call(gateway, "/stats");
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: "bad_gateway" });
    expect(upstream.requests).toHaveLength(2);
  });

  it.each<[string, string, RequestInit]>([
    ["a POST without a key", "/tokens", { method: "POST", body: "{}" }],
    ["an action", "/streams/s/start", { method: "POST" }],
    [
      "a body that is too large to keep",
      "/tokens",
      { method: "POST", body: "x".repeat(64 * 1_024 + 1), headers: withKey },
    ],
    [
      "one in chunks that turns out to be",
      "/tokens",
      { method: "POST", headers: withKey, ...stream("x".repeat(64 * 1_024 + 1)) },
    ],
  ])("is not sent again: %s", async (_what, path, init) => {
    const upstream = await service();
    const gateway = await start(upstream.url);
    hangUp(upstream, 1);
    expect((await call(gateway, path, init)).status).toBe(502);
    expect(upstream.requests).toHaveLength(1);
  });

  it("arrives whole when it was too large to keep", async () => {
    const upstream = await service();
    const gateway = await start(upstream.url);
    const text = "0123456789abcdef".repeat(10_000);
    const init = { method: "POST", headers: withKey, ...stream(text) };
    const { body } = (await (await call(gateway, "/tokens", init)).json()) as { body: string };
    expect(body === text).toBe(true);
  });

  it("is not sent again once a byte of an answer came", async () => {
    const upstream = await service();
    const gateway = await start(upstream.url);
    upstream.handler = (request) => request.socket.end("HTTP/1.1 2");
    expect((await call(gateway, "/stats")).status).toBe(502);
    expect(upstream.requests).toHaveLength(1);
  });

  it("goes to another instance, and soon no request goes to the one that is away", async () => {
    const upstream = await service();
    const away = await unreachableUrl();
    const gateway = await start(away, upstream.url);
    for (let time = 0; time < FAILURES_TO_OPEN * 2; time += 1) {
      expect((await call(gateway, "/stats")).status).toBe(200);
    }
    const metrics = await (await gateway.fetch("/metrics")).text();
    const { host } = new URL(away);
    const line = `{service="catalog",instance="${host}"} 1`;
    expect(metrics).toContain(`gateway_upstream_ejections_total${line}`);
    expect(metrics).toContain(`gateway_upstream_breaker${line}`);
    upstream.requests.length = 0;
    // One that is not sent a second time would fail if it went to the other.
    const statuses = await Promise.all(
      Array.from(
        { length: 10 },
        async () => (await call(gateway, "/tokens", { method: "POST" })).status,
      ),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it("is not said to have been sent to nobody when the second try finds nobody", async () => {
    const upstream = await service();
    const gateway = await start(upstream.url);
    upstream.handler = (request) => {
      void upstream.close();
      request.socket.destroy();
    };
    const response = await call(gateway, "/stats");
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ code: "bad_gateway" });
  });

  it("is refused at once when every instance has all that it may have", async () => {
    const upstream = await service();
    const arrived = Promise.withResolvers<() => void>();
    upstream.handler = (request, response) => arrived.resolve(() => echo(request, response));
    const gateway = await startGateway({ CATALOG_URL: upstream.url, UPSTREAM_MAX_PENDING: "1" });
    opened.push(gateway);
    ({ key } = await gateway.createKey("acme"));
    const first = call(gateway, "/stats");
    const answer = await arrived.promise;
    const second = await call(gateway, "/stats");
    expect([second.status, second.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await second.json()).toMatchObject({ code: "service_unavailable" });
    answer();
    expect((await first).status).toBe(200);
    upstream.handler = echo;
    expect((await call(gateway, "/stats")).status).toBe(200);
  });
});
