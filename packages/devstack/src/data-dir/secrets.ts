import { randomBytes } from "node:crypto";
import type { LoginService } from "@orrery/common/repositories/database-roles";
import { Keypair } from "@stellar/stellar-sdk";
import type { DevstackConfig } from "../config.ts";
import { readPrivateJson, writePrivateJson } from "./private-file.ts";

/** What a data directory generates once and keeps. */
export interface Secrets {
  postgresPassword: string;
  /** Of the services' own logins at the embedded Postgres. */
  loginPasswords: Readonly<Record<LoginService, string>>;
  contextSigningKeys: string;
  /** Of the links to exports' files. */
  exportUrlKeys: string;
  mediaUrlKeys: string;
  jwtSecret: string;
  adminToken: string;
  /** Opens `/internal` on billing and catalog. */
  internalToken: string;
  submitterSecret: string;
  channelMasterSecret: string;
  /** The demo's API keys by tenant. */
  apiKeys: Record<string, string>;
}

/** The kept secrets, with what is missing generated and kept, and the environment's own on top. */
export function openSecrets(path: string, config: DevstackConfig): Secrets {
  const kept = (readPrivateJson(path) ?? {}) as Partial<Secrets>;
  const secrets: Secrets = {
    postgresPassword: kept.postgresPassword ?? token(),
    loginPasswords: {
      gateway: kept.loginPasswords?.gateway ?? token(),
      billing: kept.loginPasswords?.billing ?? token(),
      catalog: kept.loginPasswords?.catalog ?? token(),
    },
    contextSigningKeys: kept.contextSigningKeys ?? `local-1:${randomBytes(32).toString("base64")}`,
    exportUrlKeys: kept.exportUrlKeys ?? `local-1:${randomBytes(32).toString("base64")}`,
    mediaUrlKeys: kept.mediaUrlKeys ?? `local-1:${randomBytes(32).toString("base64")}`,
    jwtSecret: kept.jwtSecret ?? token(),
    adminToken: kept.adminToken ?? token(),
    internalToken: kept.internalToken ?? token(),
    submitterSecret: kept.submitterSecret ?? Keypair.random().secret(),
    channelMasterSecret: kept.channelMasterSecret ?? randomBytes(32).toString("hex"),
    apiKeys: kept.apiKeys ?? {},
  };
  writePrivateJson(path, secrets);
  return {
    ...secrets,
    contextSigningKeys: config.CONTEXT_SIGNING_KEYS ?? secrets.contextSigningKeys,
    jwtSecret: config.JWT_SECRET ?? secrets.jwtSecret,
    adminToken: config.ADMIN_TOKEN ?? secrets.adminToken,
    submitterSecret: config.SUBMITTER_SECRET ?? secrets.submitterSecret,
    channelMasterSecret: config.CHANNEL_MASTER_SECRET ?? secrets.channelMasterSecret,
  };
}

/** Keeps an API key for the next start; it is shown by the gateway only once. */
export function keepApiKey(path: string, tenantId: string, apiKey: string): void {
  const kept = readPrivateJson(path) as Secrets;
  writePrivateJson(path, { ...kept, apiKeys: { ...kept.apiKeys, [tenantId]: apiKey } });
}

function token(): string {
  return randomBytes(32).toString("base64url");
}
