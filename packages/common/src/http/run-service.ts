import { listenForMetrics, type MetricsListener } from "../observability/metrics-listener.ts";
import type { Observation } from "../observability/observation.ts";
import type { Health } from "./health.ts";
import type { ServiceApp } from "./service-app.ts";

export interface RunServiceOptions {
  app: ServiceApp;
  health: Health;
  host: string;
  port: number;
  /** From SIGTERM to the end of the process, whatever still runs. */
  shutdownGraceMs: number;
  /** Called first: lets go what would keep requests from being answered. */
  onDrain?: () => void;
  /** Begins with the listener and ends after all else, so that a drain can be watched. */
  observation?: Observation;
  /** Closed in this order after the last request was answered. */
  closers: readonly (() => Promise<void>)[];
}

/** The listener of `METRICS_PORT`, where that is set. */
async function listenBeside(
  observation: Observation | undefined,
  host: string,
): Promise<MetricsListener | undefined> {
  const port = observation?.metricsPort;
  if (observation === undefined || port === undefined) return undefined;
  return listenForMetrics(observation.registry, { host, port });
}

/**
 * Listens, and on SIGTERM or SIGINT drains: not ready, finish what runs, close what was opened,
 * exit 0; exit 1 when that takes longer than the grace.
 */
export async function runService(options: RunServiceOptions): Promise<void> {
  const { app, health, observation, host, port, shutdownGraceMs, onDrain, closers } = options;
  const metrics = await listenBeside(observation, host);
  if (metrics !== undefined)
    app.log.info({ port: metrics.port }, "serving /metrics on its own port");
  let isStopping = false;
  const stop = async (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    app.log.info({ signal }, "draining");
    health.drain();
    const bound = setTimeout(() => {
      app.log.error("the grace is over; exiting with work unfinished");
      process.exit(1);
    }, shutdownGraceMs);
    bound.unref();
    try {
      onDrain?.();
      await app.close();
      for (const close of closers) await close();
      observation?.stop();
      await metrics?.close();
      clearTimeout(bound);
      app.log.info("stopped");
      process.exit(0);
    } catch (error) {
      app.log.error({ err: error }, "could not stop cleanly");
      process.exit(1);
    }
  };
  process.on("SIGTERM", () => void stop("SIGTERM"));
  process.on("SIGINT", () => void stop("SIGINT"));
  process.on("unhandledRejection", (error) => {
    app.log.fatal({ err: error }, "unhandled rejection");
    process.exit(1);
  });
  observation?.start();
  await app.listen({ host, port });
}
