import Fastify from "fastify";
import { type MetricsRegistry, registerMetricsEndpoint } from "./metrics.ts";

/** A listener that serves `/metrics` and nothing else. */
export interface MetricsListener {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a port of its own, so that what scrapes needs no way to the API. Port 0 takes a free one. */
export async function listenForMetrics(
  registry: MetricsRegistry,
  address: { readonly host: string; readonly port: number },
): Promise<MetricsListener> {
  const app = Fastify({ logger: false, forceCloseConnections: true });
  registerMetricsEndpoint(app, registry);
  await app.listen({ ...address });
  const bound = app.server.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : address.port;
  return { port, close: () => app.close() };
}
