import { Registry } from "@prometheus-io/client";
import Fastify from "fastify";
import { expect, it } from "vitest";
import { startUpstream } from "../testing/gateway-harness.ts";
import { Exchange } from "./exchange.ts";
import { createProxyMetrics } from "./proxy-metrics.ts";
import { Upstream } from "./upstream/upstream.ts";

it("sends nothing for a caller who had gone before it began", async () => {
  const service = await startUpstream();
  const metrics = createProxyMetrics(new Registry());
  const gone: string[] = [];
  const upstream = new Upstream([{ origin: service.url, address: undefined }], {
    audience: "catalog",
    maxPending: { calls: 1, watches: 1 },
    clock: () => 0,
    onOpened: () => undefined,
  });
  const ran = Promise.withResolvers<void>();
  const app = Fastify();
  app.get("/", (request, reply) => {
    reply.raw.once("close", () => {
      new Exchange(request, reply, {
        upstream,
        path: "/",
        headers: () => [],
        body: undefined,
        isRepeatable: true,
        timeoutMs: 10_000,
        unavailableCode: "service_unavailable",
        watch: undefined,
        isDraining: () => false,
        metrics: { ...metrics, callerGone: (audience) => void gone.push(audience) },
      }).run();
      ran.resolve();
    });
    leaving.abort();
  });
  const leaving = new AbortController();
  const url = await app.listen({ host: "127.0.0.1", port: 0 });
  await expect(fetch(url, { signal: leaving.signal })).rejects.toThrow(/abort/);
  await ran.promise;
  expect(gone).toEqual(["catalog"]);
  expect(upstream.reports.map(({ pending }) => pending.calls)).toEqual([0]);
  expect(service.requests).toEqual([]);
  await upstream.close();
  await app.close();
  await service.close();
});
