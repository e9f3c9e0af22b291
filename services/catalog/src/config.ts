import { loadConfig } from "@orrery/common/config/env";
import { EVENT_VARIABLES } from "@orrery/common/config/event-variables";
import {
  OBJECT_STORE_VARIABLES,
  objectStoreFaults,
} from "@orrery/common/config/object-store-variables";
import {
  CONTEXT_VARIABLES,
  DATABASE_VARIABLES,
  databaseFaults,
  INTERNAL_VARIABLES,
  LINK_VARIABLES,
  PROCESS_VARIABLES,
  portVariable,
  REDIS_VARIABLES,
  SOROBAN_RPC_VARIABLES,
} from "@orrery/common/config/service-variables";
import { type Static, Type } from "typebox";
import type { FollowedContract } from "./indexer/indexer.ts";
import { MEDIA_VARIABLES, mediaFaults } from "./media/media-variables.ts";

/** Everything that catalog reads from its environment. */
export const configSchema = Type.Object({
  ...PROCESS_VARIABLES,
  CATALOG_PORT: portVariable("catalog", 8082),
  ...CONTEXT_VARIABLES,
  ...DATABASE_VARIABLES,
  ...REDIS_VARIABLES,
  ...EVENT_VARIABLES,
  ...INTERNAL_VARIABLES,
  ...SOROBAN_RPC_VARIABLES,
  INDEXER_CONTRACTS: Type.Optional(
    Type.String({
      description:
        "The contracts whose events are indexed, `tenant:contract`, comma-separated; none without it.",
      pattern: "^[A-Za-z0-9_-]{1,64}:C[A-Z2-7]{55}(,[A-Za-z0-9_-]{1,64}:C[A-Z2-7]{55})*$",
    }),
  ),
  INDEXER_FIRST_LEDGER: Type.Optional(
    Type.Integer({
      description:
        "Where a contract begins that was never indexed; at the newest ledger without it.",
      minimum: 1,
    }),
  ),
  INDEXER_INTERVAL_MS: Type.Integer({
    description: "How often the indexer looks for events.",
    default: 1_000,
    minimum: 50,
    maximum: 600_000,
  }),
  ...OBJECT_STORE_VARIABLES,
  ...LINK_VARIABLES,
  ...MEDIA_VARIABLES,
});

export type CatalogConfig = Static<typeof configSchema>;

/** @throws {ConfigError} with every fault */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): CatalogConfig {
  return loadConfig(configSchema, env, (config) => [
    ...databaseFaults(config),
    ...indexerFaults(config),
    ...objectStoreFaults(config),
    ...mediaFaults(config),
  ]);
}

/** The contracts to index, each with the tenant whose events they emit. */
export function followedContracts({ INDEXER_CONTRACTS }: CatalogConfig): FollowedContract[] {
  return (INDEXER_CONTRACTS?.split(",") ?? []).map((pair) => {
    const [tenantId = "", contractId = ""] = pair.split(":");
    return { tenantId, contractId };
  });
}

function indexerFaults(config: CatalogConfig): string[] {
  const contracts = followedContracts(config).map(({ contractId }) => contractId);
  const isTwice = new Set(contracts).size < contracts.length;
  return [
    ...(contracts.length > 0 && config.SOROBAN_RPC_URL === undefined
      ? ["INDEXER_CONTRACTS is set: SOROBAN_RPC_URL is required"]
      : []),
    ...(isTwice ? ["INDEXER_CONTRACTS: a contract is one tenant's"] : []),
  ];
}
