import { loadConfig } from "@orrery/common/config/env";
import {
  DATABASE_VARIABLES,
  databaseFaults,
  databaseUrlOf,
} from "@orrery/common/config/service-variables";
import { type Static, Type } from "typebox";
import type { Environment } from "./command.ts";

const { DATABASE_URL, DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME } = DATABASE_VARIABLES;

const databaseSchema = Type.Object({
  DATABASE_URL,
  DB_HOST,
  DB_PORT,
  DB_USER,
  DB_PASSWORD,
  DB_NAME,
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
