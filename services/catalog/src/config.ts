import { loadConfig, Secret } from "@orrery/common/config/env";
import {
  CONTEXT_VARIABLES,
  DATABASE_VARIABLES,
  databaseFaults,
  PROCESS_VARIABLES,
  portVariable,
} from "@orrery/common/config/service-variables";
import { type Static, Type } from "typebox";

/** Everything that catalog reads from its environment. */
export const configSchema = Type.Object({
  ...PROCESS_VARIABLES,
  CATALOG_PORT: portVariable("catalog", 8082),
  ...CONTEXT_VARIABLES,
  ...DATABASE_VARIABLES,
  REDIS_URL: Type.Optional(
    Secret({
      description:
        "The Redis that instances share cached values in; without it each keeps its own.",
      pattern: "^rediss?://.+",
    }),
  ),
});

export type CatalogConfig = Static<typeof configSchema>;

/** @throws {ConfigError} with every fault */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): CatalogConfig {
  return loadConfig(configSchema, env, databaseFaults);
}
