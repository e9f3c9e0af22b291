import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunningChild } from "@orrery/devstack/process/child-process";
import { findFreePort } from "@orrery/devstack/process/free-port";
import { answersOk } from "@orrery/devstack/stack/node-process";
import type { BenchContext } from "../harness/bench.ts";
import { newContextKeys, TENANT_ID } from "./billing-call.ts";
import { startNodeChild } from "./node-child.ts";

/** As production starts it. */
export const GATEWAY = "services/gateway/src/main.ts";

export interface BenchGateway {
  readonly url: string;
  readonly child: RunningChild;
  /** Of the tenant `bench`, with every scope but `admin`. */
  readonly apiKey: string;
}

interface BenchGatewayOptions {
  readonly entry: string;
  readonly databaseUrl: string;
  readonly serviceUrl: string;
}

const ADMIN_TOKEN = "the-admin-token-of-a-bench-of-orrery";
const UNLIMITED = "1000000000";

/** One gateway process with everything on: keys in Postgres, limits, metrics, access log to a file. */
export async function startBenchGateway(
  context: BenchContext,
  { entry, databaseUrl, serviceUrl }: BenchGatewayOptions,
): Promise<BenchGateway> {
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-gateway-"));
  context.cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const child = await startNodeChild(context, {
    name: "gateway",
    entry,
    outputFile: join(folder, "access.log"),
    env: {
      PERSISTENCE: "postgres",
      DATABASE_URL: databaseUrl,
      CONTEXT_SIGNING_KEYS: newContextKeys(),
      ADMIN_TOKEN,
      GATEWAY_PORT: String(port),
      BILLING_URL: serviceUrl,
      CATALOG_URL: serviceUrl,
      // Counted all the same; it is only never reached.
      LIMIT_CATALOG_READ_PER_MINUTE: UNLIMITED,
      LIMIT_CATALOG_WRITE_PER_MINUTE: UNLIMITED,
    },
    isReady: () => answersOk(`${url}/livez`),
  });
  return { url, child, apiKey: await createKey(url) };
}

async function createKey(url: string): Promise<string> {
  const admin = async (path: string, body: object) => {
    const response = await fetch(`${url}/api/v1/admin${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.status !== 201 && response.status !== 409) {
      throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    }
    return (await response.json()) as { key: string };
  };
  await admin("/tenants", { id: TENANT_ID, name: "Bench" });
  const scopes = ["billing:write", "billing:read", "catalog:write", "catalog:read"];
  return (await admin(`/tenants/${TENANT_ID}/keys`, { name: "bench", scopes })).key;
}
