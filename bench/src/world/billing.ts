import type { RunningChild } from "@orrery/devstack/process/child-process";
import { findFreePort } from "@orrery/devstack/process/free-port";
import { answersOk } from "@orrery/devstack/stack/node-process";
import type { BenchContext } from "../harness/bench.ts";
import { channelMasterSecret, NETWORK_PASSPHRASE, SUBMITTER_SECRET } from "./accounts.ts";
import { type BillingAddress, newContextKeys } from "./billing-call.ts";
import type { BenchLedger } from "./ledger.ts";
import { startNodeChild } from "./node-child.ts";
import { serviceUrl } from "./postgres.ts";

/** One billing process over HTTP, configured as in production but for its bounds on the backlog. */
export interface BenchBilling extends BillingAddress {
  readonly child: RunningChild;
}

/** Without a ledger the engine is off: what is accepted waits. */
export async function startBenchBilling(
  context: BenchContext,
  databaseUrl: string,
  ledger: BenchLedger | undefined,
  changes: Readonly<Record<string, string>> = {},
): Promise<BenchBilling> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const contextKeys = newContextKeys();
  const child = await startNodeChild(context, {
    name: "billing",
    entry: "services/billing/src/main.ts",
    env: {
      ...billingVariables({ databaseUrl, contextKeys, ledger }),
      BILLING_PORT: String(port),
      NODE_ENV: "production",
      ...changes,
    },
    isReady: () => answersOk(`${url}/readyz`),
  });
  return { url, contextKeys, child };
}

export interface BillingBackends {
  readonly databaseUrl: string;
  readonly contextKeys: string;
  readonly ledger: BenchLedger | undefined;
}

/** The environment of a billing process of a bench. Benches fill the backlog on purpose. */
export function billingVariables(backends: BillingBackends): Record<string, string> {
  const { databaseUrl, contextKeys, ledger } = backends;
  return {
    PERSISTENCE: "postgres",
    DATABASE_URL: serviceUrl(databaseUrl, "billing"),
    CONTEXT_SIGNING_KEYS: contextKeys,
    EXPORT_URL_KEYS: newContextKeys(),
    NETWORK_PASSPHRASE,
    BACKLOG_MAX_PER_TENANT: "10000000",
    BACKLOG_MAX_WAIT_S: "86400",
    SOROBAN_RPC_ENABLED: String(ledger !== undefined),
    ...(ledger && {
      SOROBAN_RPC_URL: ledger.url,
      LEDGER_CLOSE_MS: String(ledger.closeMs),
      SUBMITTER_SECRET,
      CHANNEL_MASTER_SECRET: channelMasterSecret("billing"),
      CHANNEL_COUNT: "50",
    }),
  };
}
