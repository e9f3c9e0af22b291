import type { SeededTenant } from "./seed-demo.ts";

/** What `demo.json` in the data directory holds: all that a script needs to use the running stack. */
export interface DemoFile {
  gatewayUrl: string;
  billingUrl: string;
  catalogUrl: string;
  ledgerUrl: string;
  networkPassphrase: string;
  adminToken: string;
  jwtSecret: string;
  databaseUrl: string;
  redisUrl?: string;
  tenants: {
    tenantId: string;
    apiKey: string;
    users: { userId: string; vaultContractId: string }[];
    apis: { apiId: string; payoutAddress: string }[];
  }[];
  /** Process ids; `ledger` only when the simulator runs. */
  processes: Partial<Record<"gateway" | "billing" | "catalog" | "ledger", number>>;
}

/** The tenants as demo.json lists them. */
export function demoTenants(seeded: readonly SeededTenant[]): DemoFile["tenants"] {
  return seeded.map(({ tenant, apiKey }) => ({
    tenantId: tenant.tenantId,
    apiKey,
    users: tenant.users,
    apis: tenant.apis.map(({ apiId, payoutAddress }) => ({ apiId, payoutAddress })),
  }));
}
