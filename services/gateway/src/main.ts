import { boot } from "@orrery/common/http/boot";
import { runService } from "@orrery/common/http/run-service";
import { composeGateway } from "./compose.ts";
import { configSchema, readConfig } from "./config.ts";

await boot("gateway", configSchema, readConfig, async (config) => {
  const { app, health, observation, start, closers } = composeGateway(config);
  if (config.TENANT_HEADER_TRUST) {
    app.log.warn("TENANT_HEADER_TRUST: whoever reaches this listener acts for any tenant");
  }
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
});
