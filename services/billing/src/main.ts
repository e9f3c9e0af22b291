import { boot } from "@orrery/common/http/boot";
import { runService } from "@orrery/common/http/run-service";
import { compose } from "./compose.ts";
import { configSchema, readConfig } from "./config.ts";

await boot("billing", configSchema, readConfig, async (config) => {
  const billing = compose(config);
  await billing.start();
  await runService({
    app: billing.app,
    health: billing.health,
    observation: billing.observation,
    host: config.HOST,
    port: config.BILLING_PORT,
    shutdownGraceMs: config.SHUTDOWN_GRACE_MS,
    onDrain: billing.release,
    closers: [billing.stop],
  });
});
