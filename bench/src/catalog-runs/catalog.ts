import type { RunningChild } from "@orrery/devstack/process/child-process";
import { findFreePort } from "@orrery/devstack/process/free-port";
import { answersOk } from "@orrery/devstack/stack/node-process";
import type { BenchContext } from "../harness/bench.ts";
import { type BillingAddress, newContextKeys } from "../world/billing-call.ts";
import { startNodeChild } from "../world/node-child.ts";

/** One catalog process over HTTP. */
export interface BenchCatalog extends BillingAddress {
  readonly child: RunningChild;
}

/** Configured as in production, without Redis; `changes` to that. */
export async function startBenchCatalog(
  context: BenchContext,
  databaseUrl: string,
  changes: Readonly<Record<string, string>> = {},
): Promise<BenchCatalog> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const contextKeys = newContextKeys();
  const child = await startNodeChild(context, {
    name: "catalog",
    entry: "services/catalog/src/main.ts",
    env: {
      PERSISTENCE: "postgres",
      DATABASE_URL: databaseUrl,
      CONTEXT_SIGNING_KEYS: contextKeys,
      MEDIA_URL_KEYS: newContextKeys(),
      CATALOG_PORT: String(port),
      ...changes,
    },
    isReady: () => answersOk(`${url}/readyz`),
  });
  return { url, contextKeys, child };
}
