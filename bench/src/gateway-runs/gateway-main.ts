import { runService } from "@orrery/common/http/run-service";
import { buildApp } from "@orrery/gateway/app";
import { composeGateway } from "@orrery/gateway/compose";
import { readConfig } from "@orrery/gateway/config";
import { VERSIONS } from "@orrery/gateway/versions/version";
import { LARGE_BODIES } from "./large-bodies.ts";

// A gateway as it is in production, with one version more.

const config = readConfig(process.env);
const { dependencies, health, observation, start, closers } = composeGateway(config);
const app = buildApp({
  ...dependencies,
  // Two apps cannot both have the metrics; the one that is not used has them.
  measuring: { registry: undefined },
  versions: [...VERSIONS, LARGE_BODIES],
});
await start();
await runService({
  app,
  health,
  observation,
  host: config.HOST,
  port: config.GATEWAY_PORT,
  shutdownGraceMs: config.SHUTDOWN_GRACE_MS,
  closers,
});
