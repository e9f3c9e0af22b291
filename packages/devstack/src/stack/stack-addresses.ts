import type { DevstackConfig } from "../config.ts";
import { isPortFree } from "../process/free-port.ts";
import { StackFailure } from "../stack-failure.ts";

/** Everything listens here and nowhere else. */
export const HOST = "127.0.0.1";

/** Where the parts of the stack answer. */
export interface StackAddresses {
  gatewayUrl: string;
  billingUrl: string;
  catalogUrl: string;
  ledgerUrl: string;
}

export function stackAddresses(config: DevstackConfig): StackAddresses {
  return {
    gatewayUrl: `http://${HOST}:${config.GATEWAY_PORT}`,
    billingUrl: `http://${HOST}:${config.BILLING_PORT}`,
    catalogUrl: `http://${HOST}:${config.CATALOG_PORT}`,
    ledgerUrl: config.SOROBAN_RPC_URL ?? `http://${HOST}:${config.LEDGER_PORT}`,
  };
}

/** @throws {StackFailure} naming the first port that somebody else has, and the variable to change */
export async function assertPortsFree(config: DevstackConfig): Promise<void> {
  const wanted: [string, string, number][] = [
    ["gateway", "GATEWAY_PORT", config.GATEWAY_PORT],
    ["billing service", "BILLING_PORT", config.BILLING_PORT],
    ["catalog", "CATALOG_PORT", config.CATALOG_PORT],
  ];
  if (config.SOROBAN_RPC_URL === undefined) {
    wanted.push(["ledger simulator", "LEDGER_PORT", config.LEDGER_PORT]);
  }
  for (const [name, variable, port] of wanted) {
    if (!(await isPortFree(port, HOST))) {
      throw new StackFailure(
        `port ${port}, which the ${name} listens on, is taken by another program`,
        `stop that program, or choose another port: ${variable}=${port + 10_000} npm start`,
      );
    }
  }
}
