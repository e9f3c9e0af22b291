import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import type { DevstackConfig } from "../../src/config.ts";
import type { DemoFile } from "../../src/demo/demo-file.ts";
import { OrreryClient } from "../../src/demo/orrery-client.ts";
import { findFreePort } from "../../src/process/free-port.ts";
import { LedgerClient } from "../../src/stack/ledger-client.ts";
import { createProgress } from "../../src/stack/progress.ts";
import { type StackOptions, startStack } from "../../src/stack/start-stack.ts";
import { readTestServersConfig } from "../../src/testing/config.ts";

/** A stack is nine processes: on a busy machine nothing here is quick. */
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Ledgers close this often in tests: fast, and still slower than a request. */
const TEST_LEDGER_CLOSE_MS = 200;

/** Ports and a data directory that nothing else uses. */
export async function testStackConfig(dataDir: string): Promise<DevstackConfig> {
  const ports = new Set<number>();
  while (ports.size < 4) ports.add(await findFreePort());
  const [gateway = 0, billing = 0, catalog = 0, ledger = 0] = ports;
  return {
    ORRERY_DATA_DIR: dataDir,
    GATEWAY_PORT: gateway,
    BILLING_PORT: billing,
    CATALOG_PORT: catalog,
    LEDGER_PORT: ledger,
    LEDGER_CLOSE_MS: TEST_LEDGER_CLOSE_MS,
    DB_PORT: 5432,
    NETWORK_PASSPHRASE: "Orrery Local Network ; 2026",
  };
}

/** The configuration as environment variables, for a stack that is a process of its own. */
export function asEnvironment(config: DevstackConfig): Record<string, string> {
  const values = Object.entries(config).map(([name, value]) => [name, String(value)]);
  return { PATH: readTestServersConfig().searchPath, ...Object.fromEntries(values) };
}

/** A data directory with a space in its path, as a user may have one. */
export async function createDataDir(): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "orrery e2e-"));
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  return { path: join(folder, "data"), remove };
}

/** The whole stack in this process's care, on a data directory of its own; `env` goes to the services. */
export async function startTestStack(
  env: Record<string, string> = {},
  options: Pick<StackOptions, "hasTwins"> = {},
) {
  const dataDir = await createDataDir();
  const config = await testStackConfig(dataDir.path);
  const lines: string[] = [];
  const progress = createProgress((line) => lines.push(line));
  const stack = await startStack({
    config,
    env: { ...asEnvironment(config), ...env },
    progress,
    ...options,
  }).catch(async (error: unknown) => {
    await dataDir.remove();
    throw error;
  });
  const stop = async () => {
    await stack.stop();
    await dataDir.remove();
  };
  return { stack, config, lines, demo: stack.demo, stop };
}

export type TestStack = Awaited<ReturnType<typeof startTestStack>>;

/** One tenant of the demo, as its consumers see it, and its first user's vault on the ledger. */
export function consumerOf(demo: DemoFile, index = 0) {
  const tenant = demo.tenants[index];
  const user = tenant?.users[0];
  const api = tenant?.apis[0];
  if (!tenant || !user || !api) throw new Error(`the demo has no tenant ${index}`);
  const client = new OrreryClient(demo.gatewayUrl, { apiKey: tenant.apiKey });
  const ledger = new LedgerClient(demo.ledgerUrl);
  const balanceStroops = async () => {
    const vault = (await ledger.findState())?.vaults[user.vaultContractId];
    if (!vault) throw new Error(`the ledger does not know the vault of ${user.userId}`);
    return BigInt(vault.balance);
  };
  const deduction = (requestId: string, amountUsdc = "0.05") => ({
    requestId,
    userId: user.userId,
    apiId: api.apiId,
    endpointId: "forecast",
    apiKeyId: "e2e",
    amountUsdc,
  });
  const deduct = (requestId: string, amountUsdc?: string) =>
    client.call("POST", "/billing/deduct", deduction(requestId, amountUsdc));
  return { tenant, user, api, client, ledger, balanceStroops, deduction, deduct };
}
