import { processConfig } from "./config.ts";
import { startLedgerSim } from "./server.ts";

function log(level: "info" | "error", msg: string, fields: Record<string, unknown> = {}): void {
  const line = { level, time: new Date().toISOString(), service: "ledger-sim", msg, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

try {
  const config = processConfig();
  const sim = await startLedgerSim({
    ...config,
    onFault: (error) => log("error", "fault of the simulator", { error: describe(error) }),
  });
  const { url, port, ledger } = sim;
  log("info", "listening", { url, port, ledger: ledger.latest.sequence, closeMs: config.closeMs });
  let isStopping = false;
  const stop = (signal: string) => {
    if (isStopping) return;
    isStopping = true;
    void sim.close().then(
      () => {
        log("info", "stopped", { signal, ledger: ledger.latest.sequence });
        process.exit(0);
      },
      (error: unknown) => {
        log("error", "could not stop cleanly", { error: describe(error) });
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
} catch (error) {
  log("error", "could not start", { error: describe(error) });
  process.exit(1);
}
