import { boot } from "@orrery/common/http/boot";
import { runService } from "@orrery/common/http/run-service";
import { compose } from "../../src/compose.ts";
import { configSchema, readConfig } from "../../src/config.ts";
import { CRASH_POINTS } from "./crash-points.ts";

/** How long those who go on wait for what a killed process held. */
const LEASE_MS = 1_500;

let isArmed = false;
process.on("SIGUSR2", () => {
  isArmed = true;
});
const die = () => {
  if (isArmed) process.kill(process.pid, "SIGKILL");
};

/**
 * Billing as `main.ts` runs it, until SIGUSR2: from then on it kills itself at the point that the
 * last argument names.
 */
await boot("billing", configSchema, readConfig, async (config) => {
  const name = process.argv.at(-1) ?? "";
  const point = CRASH_POINTS[name];
  if (point === undefined) throw new Error(`no crash point is called “${name}”`);
  const { journal, rpc } = point;
  const billing = compose(config, {
    ...(journal && { journal: (inner) => journal(inner, die) }),
    ...(rpc && { rpc: (inner) => rpc(inner, die) }),
    settings: { leaseMs: LEASE_MS, channelLeaseMs: LEASE_MS },
  });
  await billing.start();
  await runService({
    app: billing.app,
    health: billing.health,
    host: config.HOST,
    port: config.BILLING_PORT,
    shutdownGraceMs: config.SHUTDOWN_GRACE_MS,
    onDrain: billing.release,
    closers: [billing.stop],
  });
});
