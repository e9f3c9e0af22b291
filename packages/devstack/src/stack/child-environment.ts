import { loginUrl } from "@orrery/common/repositories/migrations/provision-logins";
import { createSecretSigner } from "@orrery/soroban/signing/seed-signer";
import type { DevstackConfig, Environment } from "../config.ts";
import type { DataDir } from "../data-dir/data-dir.ts";
import type { Secrets } from "../data-dir/secrets.ts";
import { DEMO_CHAIN } from "../demo/demo-data.ts";
import { HOST, type StackAddresses } from "./stack-addresses.ts";

export type ServiceName = "gateway" | "billing" | "catalog";

export interface Backends {
  /** As the owner, who migrates it. */
  databaseUrl: string;
  /** Whether the database is the stack's own, so that the services connect as their own logins. */
  isEmbedded: boolean;
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
  dataDir: Pick<DataDir, "objects">,
): NodeJS.ProcessEnv {
  const shared = {
    ...env,
    HOST,
    // Three services cannot listen on one port.
    METRICS_PORT: "",
    DATABASE_URL: backends.isEmbedded
      ? loginUrl(backends.databaseUrl, service, secrets.loginPasswords[service])
      : backends.databaseUrl,
    // Named by the URL already; two names would be a fault.
    DB_HOST: "",
    ...(backends.redisUrl === undefined ? {} : { REDIS_URL: backends.redisUrl }),
    PERSISTENCE: "postgres",
    CONTEXT_SIGNING_KEYS: secrets.contextSigningKeys,
    OBJECT_STORE_DIR: env["OBJECT_STORE_DIR"] ?? dataDir.objects,
    INTERNAL_TOKENS: env["INTERNAL_TOKENS"] ?? secrets.internalToken,
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
      EXPORT_URL_KEYS: env["EXPORT_URL_KEYS"] ?? secrets.exportUrlKeys,
    },
    catalog: {
      MEDIA_URL_KEYS: env["MEDIA_URL_KEYS"] ?? secrets.mediaUrlKeys,
      SOROBAN_RPC_URL: addresses.ledgerUrl,
      // Only the simulator has the demo's contract.
      ...(config.SOROBAN_RPC_URL === undefined && {
        INDEXER_CONTRACTS:
          env["INDEXER_CONTRACTS"] ?? `${DEMO_CHAIN.tenantId}:${DEMO_CHAIN.contractId}`,
        INDEXER_FIRST_LEDGER: env["INDEXER_FIRST_LEDGER"] ?? "2",
      }),
    },
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
