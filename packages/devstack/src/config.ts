import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { loadConfig, Secret } from "@orrery/common/config/env";
import {
  CONTEXT_VARIABLES,
  DATABASE_VARIABLES,
  databaseFaults,
  databaseUrlOf,
  portVariable,
} from "@orrery/common/config/service-variables";
import { type Static, Type } from "typebox";
import { errorCode } from "./stack-failure.ts";

const { DATABASE_URL, DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME } = DATABASE_VARIABLES;

/** What `npm start` itself reads; every other variable goes to the services as it is. */
export const configSchema = Type.Object({
  ORRERY_DATA_DIR: Type.String({
    default: ".orrery",
    minLength: 1,
    description:
      "Where `npm start` keeps its data: database, ledger, secrets, logs and `demo.json`.",
  }),
  GATEWAY_PORT: stackPort("gateway", 8080),
  BILLING_PORT: stackPort("billing", 8081),
  CATALOG_PORT: stackPort("catalog", 8082),
  LEDGER_PORT: stackPort("the ledger simulator", 8000),
  LEDGER_CLOSE_MS: Type.Integer({
    description: "Milliseconds between two ledgers of the simulator; 0 closes them by hand only.",
    default: 1_000,
    minimum: 0,
    maximum: 3_600_000,
  }),
  NETWORK_PASSPHRASE: Type.String({
    description: "The network's passphrase; part of every signature and request marker.",
    default: "Orrery Local Network ; 2026",
    minLength: 1,
  }),
  DATABASE_URL,
  DB_HOST,
  DB_PORT,
  DB_USER,
  DB_PASSWORD,
  DB_NAME,
  REDIS_URL: Type.Optional(
    Secret({
      description: "The Redis to use, `redis://…`; without it each process keeps its own caches.",
      pattern: "^rediss?://.+",
    }),
  ),
  SOROBAN_RPC_URL: Type.Optional(
    Type.String({ description: "The Soroban RPC to submit through.", pattern: "^https?://.+" }),
  ),
  CONTEXT_SIGNING_KEYS: Type.Optional(CONTEXT_VARIABLES.CONTEXT_SIGNING_KEYS),
  JWT_SECRET: Type.Optional(
    Secret({ description: "The secret that HS256 tokens are verified with." }),
  ),
  ADMIN_TOKEN: Type.Optional(
    Secret({ description: "The bearer token that may administer tenants and keys." }),
  ),
  SUBMITTER_SECRET: Type.Optional(
    Secret({
      description: "Secret seed (`S…`) of the account that vaults let charge them.",
      pattern: "^S[A-Z2-7]{55}$",
    }),
  ),
  CHANNEL_MASTER_SECRET: Type.Optional(
    Secret({
      description: "32 bytes in hex, from which the keys of the channel accounts derive.",
      pattern: "^[0-9a-fA-F]{64}$",
    }),
  ),
});

/** Every part has to be found by the others: no port is left to chance. */
function stackPort(name: string, port: number) {
  return Type.Integer({ ...portVariable(name, port), minimum: 1 });
}

export type DevstackConfig = Static<typeof configSchema>;

/** The variables as they are handed to the services: `.env` below the process's own. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The process's environment over the `.env` of the project, when there is one. */
export function readEnvironment(projectRoot: string): Environment {
  try {
    return { ...parseEnv(readFileSync(join(projectRoot, ".env"), "utf8")), ...process.env };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return { ...process.env };
    throw error;
  }
}

const ON_POSTGRES = { PERSISTENCE: "postgres" } as const;

function isDatabaseGiven(config: DevstackConfig): boolean {
  return config.DATABASE_URL !== undefined || config.DB_HOST !== undefined;
}

/** The database that the environment names; undefined: the embedded one. */
export function givenDatabaseUrl(config: DevstackConfig): string | undefined {
  return isDatabaseGiven(config) ? databaseUrlOf({ ...config, ...ON_POSTGRES }) : undefined;
}

/** @throws {ConfigError} naming every variable that does not parse */
export function readDevstackConfig(env: Environment): DevstackConfig {
  return loadConfig(configSchema, env, (config) =>
    databaseFaults({ ...config, ...ON_POSTGRES }).filter(() => isDatabaseGiven(config)),
  );
}
