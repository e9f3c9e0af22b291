import { fileURLToPath } from "node:url";
import { StackFailure } from "../stack-failure.ts";
import { ledgerEnvironment } from "./child-environment.ts";
import { LedgerClient } from "./ledger-client.ts";
import { launchNodeProcess, openOutput } from "./node-process.ts";
import { PROJECT_ROOT } from "./project-root.ts";
import type { StackContext } from "./stack-context.ts";

/** Starts the simulator, or looks whether the RPC of SOROBAN_RPC_URL answers. */
export async function startLedger(context: StackContext): Promise<void> {
  const { config, env, progress, dataDir, secrets, addresses, processes } = context;
  const client = new LedgerClient(addresses.ledgerUrl);
  if (config.SOROBAN_RPC_URL !== undefined) {
    if (await client.isHealthy().catch(() => false)) {
      return progress.say("ledger       the one of SOROBAN_RPC_URL");
    }
    throw new StackFailure(
      `the Soroban RPC of SOROBAN_RPC_URL does not answer (${config.SOROBAN_RPC_URL})`,
      "check the address, or unset it to use the simulator",
    );
  }
  await progress.step("ledger", "ready", () => {
    const output = openOutput("ledger", dataDir.logs, progress.say, { isPlainShown: true });
    return processes.start({
      name: "ledger",
      part: "ledger",
      output,
      launch: (attempt) =>
        launchNodeProcess({
          name: "ledger",
          entry: fileURLToPath(import.meta.resolve("@orrery/ledger-sim/main")),
          cwd: PROJECT_ROOT,
          env: ledgerEnvironment(env, config, secrets, dataDir),
          isWatching: false,
          output,
          isReady: () => client.isHealthy(),
          attempt,
        }),
    });
  });
}
