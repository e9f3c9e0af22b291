import { randomBytes } from "node:crypto";
import { Keypair } from "@stellar/stellar-sdk";

/** Every secret that a deployment has, by the variable that compose reads it from. */
export interface DeploymentSecrets {
  /** Of the database's owner, who migrates. */
  readonly POSTGRES_PASSWORD: string;
  readonly GATEWAY_DB_PASSWORD: string;
  readonly BILLING_DB_PASSWORD: string;
  readonly CATALOG_DB_PASSWORD: string;
  readonly REDIS_PASSWORD: string;
  readonly S3_ACCESS_KEY_ID: string;
  readonly S3_SECRET_ACCESS_KEY: string;
  readonly GRAFANA_PASSWORD: string;
  readonly CONTEXT_SIGNING_KEYS: string;
  readonly EXPORT_URL_KEYS: string;
  readonly MEDIA_URL_KEYS: string;
  readonly INTERNAL_TOKENS: string;
  readonly ADMIN_TOKEN: string;
  readonly JWT_SECRET: string;
  readonly SUBMITTER_SECRET: string;
  /** The public key of `SUBMITTER_SECRET`: which account it is, no secret. */
  readonly SUBMITTER_ACCOUNT: string;
  readonly CHANNEL_MASTER_SECRET: string;
}

const KEY_BYTES = 32;
/** In a URL and in a shell it stands for itself. */
const token = () => randomBytes(KEY_BYTES).toString("hex");
const keys = () => `k1:${randomBytes(KEY_BYTES).toString("base64")}`;

/** Fresh secrets, each of 32 random bytes. */
export function newSecrets(): DeploymentSecrets {
  const submitter = Keypair.random();
  return {
    POSTGRES_PASSWORD: token(),
    GATEWAY_DB_PASSWORD: token(),
    BILLING_DB_PASSWORD: token(),
    CATALOG_DB_PASSWORD: token(),
    REDIS_PASSWORD: token(),
    S3_ACCESS_KEY_ID: "orrery",
    S3_SECRET_ACCESS_KEY: token(),
    GRAFANA_PASSWORD: token(),
    CONTEXT_SIGNING_KEYS: keys(),
    EXPORT_URL_KEYS: keys(),
    MEDIA_URL_KEYS: keys(),
    INTERNAL_TOKENS: token(),
    ADMIN_TOKEN: token(),
    JWT_SECRET: token(),
    SUBMITTER_SECRET: submitter.secret(),
    SUBMITTER_ACCOUNT: submitter.publicKey(),
    CHANNEL_MASTER_SECRET: token(),
  };
}

/** Lines of an environment file. */
export function environmentFile(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** Where the databases and the cache of a deployment are. */
export interface Backends {
  /** `host:port/name` */
  readonly database: string;
  /** `host:port` */
  readonly redis: string;
}

/** What each Secret of the cluster holds, by its name; without the object store, which the cloud's own gives. */
export function clusterSecrets(
  secrets: DeploymentSecrets,
  { database, redis }: Backends,
): Record<string, Record<string, string>> {
  const databaseUrl = (user: string, password: string) =>
    `postgres://${user}:${password}@${database}`;
  const { CONTEXT_SIGNING_KEYS, INTERNAL_TOKENS } = secrets;
  const REDIS_URL = `redis://:${secrets.REDIS_PASSWORD}@${redis}`;
  return {
    "gateway-secrets": {
      DATABASE_URL: databaseUrl("orrery_gateway", secrets.GATEWAY_DB_PASSWORD),
      CONTEXT_SIGNING_KEYS,
      ADMIN_TOKEN: secrets.ADMIN_TOKEN,
      JWT_SECRET: secrets.JWT_SECRET,
      REDIS_URL,
    },
    "billing-secrets": {
      DATABASE_URL: databaseUrl("orrery_billing", secrets.BILLING_DB_PASSWORD),
      CONTEXT_SIGNING_KEYS,
      INTERNAL_TOKENS,
      EXPORT_URL_KEYS: secrets.EXPORT_URL_KEYS,
      SUBMITTER_SECRET: secrets.SUBMITTER_SECRET,
      CHANNEL_MASTER_SECRET: secrets.CHANNEL_MASTER_SECRET,
    },
    "catalog-secrets": {
      DATABASE_URL: databaseUrl("orrery_catalog", secrets.CATALOG_DB_PASSWORD),
      CONTEXT_SIGNING_KEYS,
      INTERNAL_TOKENS,
      MEDIA_URL_KEYS: secrets.MEDIA_URL_KEYS,
      REDIS_URL,
    },
    "migrate-secrets": {
      MIGRATION_DATABASE_URL: databaseUrl("orrery_owner", secrets.POSTGRES_PASSWORD),
    },
  };
}
