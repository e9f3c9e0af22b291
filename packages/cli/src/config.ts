import { loadConfig, Secret } from "@orrery/common/config/env";
import {
  DATABASE_VARIABLES,
  databaseFaults,
  databaseUrlOf,
  INTERNAL_VARIABLES,
} from "@orrery/common/config/service-variables";
import { type Static, Type } from "typebox";
import type { Environment } from "./command.ts";
import type { InternalAccess } from "./internal-client.ts";

const { DATABASE_URL, DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME } = DATABASE_VARIABLES;

const databaseVariables = {
  DATABASE_URL,
  DB_HOST,
  DB_PORT,
  DB_USER,
  DB_PASSWORD,
  DB_NAME,
};
const databaseSchema = Type.Object(databaseVariables);

const migrationSchema = Type.Object({
  ...databaseVariables,
  MIGRATION_DATABASE_URL: Type.Optional(
    Secret({
      description: "The same database as its owner, who may change the schema.",
      pattern: "^postgres(ql)?://.+",
    }),
  ),
});

const chainSchema = Type.Object({
  SOROBAN_RPC_URL: Type.Optional(
    Type.String({ description: "The Soroban RPC to compare with.", pattern: "^https?://.+" }),
  ),
  SOROBAN_RPC_TIMEOUT_MS: Type.Integer({
    description: "The longest that one call of the RPC may take.",
    default: 10_000,
    minimum: 1,
    maximum: 60_000,
  }),
});

const storeSchema = Type.Object({
  ...INTERNAL_VARIABLES,
  BILLING_URL: Type.String({
    description: "Where billing listens.",
    default: "http://127.0.0.1:8081",
    pattern: "^https?://[^/?#\\s]+/?$",
  }),
});

const catalogSchema = Type.Object({
  ...INTERNAL_VARIABLES,
  CATALOG_URL: Type.String({
    description: "Where the catalog listens.",
    default: "http://127.0.0.1:8082",
    pattern: "^https?://[^/?#\\s]+/?$",
  }),
});

/** The environment of this process, for `main`. */
export const processEnvironment: Environment = process.env;

/** @throws {ConfigError} also when no database is named */
export function readDatabaseUrl(env: Environment): string {
  const config = loadConfig(databaseSchema, env, (read) =>
    databaseFaults({ ...read, PERSISTENCE: "postgres" }),
  );
  // The rules have made sure that there is one.
  return databaseUrlOf({ ...config, PERSISTENCE: "postgres" }) as string;
}

/** The database as who owns it. @throws {ConfigError} also when none is named */
export function readMigrationUrl(env: Environment): string {
  const { MIGRATION_DATABASE_URL } = loadConfig(migrationSchema, env);
  return MIGRATION_DATABASE_URL ?? readDatabaseUrl(env);
}

/** The RPC; its URL is absent when none is named. @throws {ConfigError} */
export function readChain(env: Environment): Static<typeof chainSchema> {
  return loadConfig(chainSchema, env);
}

/** @throws {ConfigError} also when no RPC is named */
export function readRequiredChain(env: Environment): { url: string; timeoutMs: number } {
  const config = loadConfig(chainSchema, env, ({ SOROBAN_RPC_URL }) =>
    SOROBAN_RPC_URL === undefined ? ["SOROBAN_RPC_URL is required"] : [],
  );
  return { url: config.SOROBAN_RPC_URL ?? "", timeoutMs: config.SOROBAN_RPC_TIMEOUT_MS };
}

/** Where billing's stores are switched, and the credential for it. @throws {ConfigError} without one */
export function readStoreAccess(env: Environment): InternalAccess {
  const { BILLING_URL, INTERNAL_TOKENS } = loadConfig(storeSchema, env, tokenFaults);
  return { url: BILLING_URL, token: firstToken(INTERNAL_TOKENS) };
}

/** Where the catalog's events and indexer are looked after. @throws {ConfigError} without a credential */
export function readCatalogAccess(env: Environment): InternalAccess {
  const { CATALOG_URL, INTERNAL_TOKENS } = loadConfig(catalogSchema, env, tokenFaults);
  return { url: CATALOG_URL, token: firstToken(INTERNAL_TOKENS) };
}

function tokenFaults({ INTERNAL_TOKENS }: { INTERNAL_TOKENS?: string }): string[] {
  return INTERNAL_TOKENS === undefined ? ["INTERNAL_TOKENS is required"] : [];
}

function firstToken(tokens: string | undefined): string {
  return tokens?.split(",")[0] ?? "";
}
