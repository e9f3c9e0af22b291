import { createSecretSigner } from "@orrery/soroban/signing/seed-signer";
import type { DevstackConfig, Environment } from "../config.ts";
import type { DataDir } from "../data-dir/data-dir.ts";
import type { Secrets } from "../data-dir/secrets.ts";
import { HOST, type StackAddresses } from "./stack-addresses.ts";

export type ServiceName = "gateway" | "billing" | "catalog";

export interface Backends {
  databaseUrl: string;
  redisUrl?: string;
}

/** The environment of one service: the user's own, and what the stack decides over it. */
export function serviceEnvironment(
  service: ServiceName,
  env: Environment,
  config: DevstackConfig,
  secrets: Secrets,
  addresses: StackAddresses,
  backends: Backends,
): NodeJS.ProcessEnv {
  const shared = {
    ...env,
    HOST,
    DATABASE_URL: backends.databaseUrl,
    // Named by the URL already; two names would be a fault.
    DB_HOST: "",
    ...(backends.redisUrl === undefined ? {} : { REDIS_URL: backends.redisUrl }),
    PERSISTENCE: "postgres",
    CONTEXT_SIGNING_KEYS: secrets.contextSigningKeys,
    GATEWAY_PORT: String(config.GATEWAY_PORT),
    BILLING_PORT: String(config.BILLING_PORT),
    CATALOG_PORT: String(config.CATALOG_PORT),
  };
  const own: Record<ServiceName, NodeJS.ProcessEnv> = {
    gateway: {
      BILLING_URL: addresses.billingUrl,
      CATALOG_URL: addresses.catalogUrl,
      JWT_SECRET: secrets.jwtSecret,
      ADMIN_TOKEN: secrets.adminToken,
    },
    billing: {
      SOROBAN_RPC_ENABLED: "true",
      SOROBAN_RPC_URL: addresses.ledgerUrl,
      NETWORK_PASSPHRASE: config.NETWORK_PASSPHRASE,
      SUBMITTER_SECRET: secrets.submitterSecret,
      CHANNEL_MASTER_SECRET: secrets.channelMasterSecret,
    },
    catalog: {},
  };
  return { ...shared, ...own[service] };
}

/** The simulator's environment: its data file, and the one account of its first ledger. */
export function ledgerEnvironment(
  env: Environment,
  config: DevstackConfig,
  secrets: Secrets,
  dataDir: DataDir,
): NodeJS.ProcessEnv {
  const submitter = createSecretSigner(secrets.submitterSecret).publicKey;
  return {
    ...env,
    HOST,
    LEDGER_PORT: String(config.LEDGER_PORT),
    LEDGER_CLOSE_MS: String(config.LEDGER_CLOSE_MS),
    LEDGER_DATA_FILE: dataDir.ledgerFile,
    NETWORK_PASSPHRASE: config.NETWORK_PASSPHRASE,
    GENESIS_ACCOUNTS: submitter,
    VAULT_AUTHORIZED_CALLER: submitter,
  };
}
