import { keepApiKey } from "../data-dir/secrets.ts";
import type { LedgerClient } from "../stack/ledger-client.ts";
import { errorMessage, StackFailure } from "../stack-failure.ts";
import {
  DEMO_BURNS,
  DEMO_POOL,
  DEMO_PREDICTION,
  DEMO_TENANTS,
  DEMO_TOKEN,
  type DemoTenant,
  VAULT_FUNDS_STROOPS,
} from "./demo-data.ts";
import { OrreryClient } from "./orrery-client.ts";

const SCOPES = ["billing:write", "billing:read", "catalog:write", "catalog:read"];

export interface SeedOptions {
  gatewayUrl: string;
  adminToken: string;
  ledger: LedgerClient;
  secretsFile: string;
  /** The keys of earlier starts, by tenant. */
  apiKeys: Readonly<Record<string, string>>;
}

export interface SeededTenant {
  tenant: DemoTenant;
  apiKey: string;
}

/**
 * Makes the demo's data through the public API, as a consumer would. Safe to run again: what is
 * there already is left as it is, and a key that still works is kept.
 * @throws {StackFailure} when a call is refused
 */
export async function seedDemo(options: SeedOptions): Promise<SeededTenant[]> {
  try {
    const seeded = await Promise.all(
      DEMO_TENANTS.map(async (tenant) => ({
        tenant,
        apiKey: await seedTenant(tenant, options),
      })),
    );
    await Promise.all([
      fundVaults(options.ledger),
      ...seeded.map(({ tenant, apiKey }) =>
        seedBilling(tenant, new OrreryClient(options.gatewayUrl, { apiKey })),
      ),
    ]);
    const [first] = seeded;
    if (first) await seedCatalog(new OrreryClient(options.gatewayUrl, { apiKey: first.apiKey }));
    return seeded;
  } catch (error) {
    throw new StackFailure(
      `the demo data could not be made: ${errorMessage(error)}`,
      "see the services' logs in the data directory, or remove it to start anew",
      { cause: error },
    );
  }
}

async function seedTenant(tenant: DemoTenant, options: SeedOptions): Promise<string> {
  const { tenantId, name } = tenant;
  const kept = options.apiKeys[tenantId];
  if (kept !== undefined) {
    const client = new OrreryClient(options.gatewayUrl, { apiKey: kept });
    const { status } = await client.call("GET", `/billing/vaults/${tenant.users[0]?.userId}`);
    if (status !== 401 && status !== 403) return kept;
  }
  const admin = new OrreryClient(options.gatewayUrl, { bearer: options.adminToken });
  await admin.expect([201, 409], "POST", "/admin/tenants", { id: tenantId, name });
  const answer = await admin.expect([201], "POST", `/admin/tenants/${tenantId}/keys`, {
    name: "demo",
    scopes: SCOPES,
  });
  const { key } = answer.body as { key: string };
  keepApiKey(options.secretsFile, tenantId, key);
  return key;
}

async function seedBilling(tenant: DemoTenant, client: OrreryClient): Promise<void> {
  for (const { userId, vaultContractId } of tenant.users) {
    const body = { contractId: vaultContractId };
    await client.expect([200, 201], "PUT", `/billing/vaults/${userId}`, body);
  }
  for (const { apiId, name, payoutAddress } of tenant.apis) {
    await client.expect([200, 201], "PUT", `/billing/apis/${apiId}`, { name, payoutAddress });
  }
}

/** A vault that the ledger knows keeps what it holds; a real network's vaults are not ours to fund. */
async function fundVaults(ledger: LedgerClient): Promise<void> {
  const state = await ledger.findState();
  if (!state) return;
  for (const { vaultContractId } of DEMO_TENANTS.flatMap((tenant) => tenant.users)) {
    if (state.vaults[vaultContractId]) continue;
    await ledger.fund(vaultContractId, VAULT_FUNDS_STROOPS);
  }
}

async function seedCatalog(client: OrreryClient): Promise<void> {
  await client.expect([201, 409], "POST", "/tokens", DEMO_TOKEN);
  for (const burn of DEMO_BURNS) {
    await client.expect([200, 201], "POST", `/tokens/${DEMO_TOKEN.address}/burns`, burn);
  }
  await client.expect([200, 201, 409], "POST", "/pools", DEMO_POOL);
  const predictions = `/pools/${DEMO_POOL.poolId}/predictions`;
  await client.expect([200, 201, 409], "POST", predictions, DEMO_PREDICTION);
}
