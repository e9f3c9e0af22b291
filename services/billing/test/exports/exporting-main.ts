import { boot } from "@orrery/common/http/boot";
import { runService } from "@orrery/common/http/run-service";
import type { ObjectStore } from "@orrery/common/object-store/object-store";
import { compose } from "../../src/compose.ts";
import { configSchema, readConfig } from "../../src/config.ts";
import { EXPORT_LEASE_MS } from "./export-lease.ts";

/** How much of a file there is when it happens. */
const HALF_BYTES = 512 * 1_024;

/**
 * Billing as `main.ts` runs it, but for what befalls it once, in the middle of a file: the last
 * argument is the signal that it sends itself, `SIGKILL` or `SIGSTOP`.
 */
await boot("billing", configSchema, readConfig, async (config) => {
  const signal = process.argv.at(-1) === "SIGSTOP" ? "SIGSTOP" : "SIGKILL";
  const billing = compose(config, {
    exports: { leaseMs: EXPORT_LEASE_MS, store: (store) => interrupted(store, signal) },
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

function interrupted(store: ObjectStore, signal: NodeJS.Signals): ObjectStore {
  let isDone = false;
  async function* half(content: AsyncIterable<Uint8Array>) {
    let bytes = 0;
    for await (const piece of content) {
      yield piece;
      bytes += piece.length;
      if (isDone || bytes < HALF_BYTES) continue;
      isDone = true;
      process.kill(process.pid, signal);
    }
  }
  return {
    put: (key, content, options) => store.put(key, half(content), options),
    findBytes: (key) => store.findBytes(key),
    read: (key, range) => store.read(key, range),
    delete: (key) => store.delete(key),
    removeAbandoned: (begunBefore) => store.removeAbandoned(begunBefore),
  };
}
