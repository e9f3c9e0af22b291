import { boot } from "@orrery/common/http/boot";
import { runService } from "@orrery/common/http/run-service";
import { composeCatalog } from "./compose.ts";
import { configSchema, readConfig } from "./config.ts";

await boot("catalog", configSchema, readConfig, async (config) => {
  const catalog = composeCatalog(config);
  await catalog.start();
  await runService({
    app: catalog.app,
    health: catalog.health,
    observation: catalog.observation,
    host: config.HOST,
    port: config.CATALOG_PORT,
    shutdownGraceMs: config.SHUTDOWN_GRACE_MS,
    onDrain: catalog.onDrain,
    closers: catalog.closers,
  });
});
