import { findFreePort } from "@orrery/devstack/process/free-port";
import { answersOk } from "@orrery/devstack/stack/node-process";
import type { BenchContext } from "../harness/bench.ts";
import { type BillingAddress, newContextKeys } from "./billing-call.ts";
import { startNodeChild } from "./node-child.ts";

/** One catalog process over HTTP, configured as in production, without Redis. */
export async function startBenchCatalog(
  context: BenchContext,
  databaseUrl: string,
): Promise<BillingAddress> {
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const contextKeys = newContextKeys();
  await startNodeChild(context, {
    name: "catalog",
    entry: "services/catalog/src/main.ts",
    env: {
      PERSISTENCE: "postgres",
      DATABASE_URL: databaseUrl,
      CONTEXT_SIGNING_KEYS: contextKeys,
      MEDIA_URL_KEYS: newContextKeys(),
      CATALOG_PORT: String(port),
    },
    isReady: () => answersOk(`${url}/readyz`),
  });
  return { url, contextKeys };
}
