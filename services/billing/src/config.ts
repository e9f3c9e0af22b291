import { loadConfig, Secret } from "@orrery/common/config/env";
import {
  OBJECT_STORE_VARIABLES,
  objectStoreFaults,
} from "@orrery/common/config/object-store-variables";
import {
  CONTEXT_VARIABLES,
  DATABASE_VARIABLES,
  databaseFaults,
  INTERNAL_VARIABLES,
  PROCESS_VARIABLES,
  portVariable,
  SOROBAN_RPC_VARIABLES,
} from "@orrery/common/config/service-variables";
import { type Static, Type } from "typebox";
import { EXPORT_VARIABLES, exportFaults } from "./exports/export-variables.ts";

/** Everything that billing reads from its environment. */
export const configSchema = Type.Object({
  ...PROCESS_VARIABLES,
  BILLING_PORT: portVariable("billing", 8081),
  ...CONTEXT_VARIABLES,
  ...DATABASE_VARIABLES,
  ...INTERNAL_VARIABLES,
  STORE_MODE: Type.Union([Type.Literal("postgres"), Type.Literal("memory")], {
    description:
      "Where streams, idempotency keys and exports are kept until `orrery store` has moved them; `memory` is for one instance, and is refused in production.",
    default: "postgres",
  }),
  SOROBAN_RPC_ENABLED: Type.Boolean({
    description: "Off: deductions are accepted and wait until it is on.",
    default: true,
  }),
  ...SOROBAN_RPC_VARIABLES,
  NETWORK_PASSPHRASE: Type.String({
    description: "The network's passphrase; part of every signature and request marker.",
    default: "Orrery Local Network ; 2026",
    minLength: 1,
  }),
  LEDGER_CLOSE_MS: Type.Integer({
    description: "How often the network closes a ledger; the engine then learns its real rhythm.",
    default: 5_000,
    minimum: 0,
    maximum: 60_000,
  }),
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
  CHANNEL_COUNT: Type.Integer({
    description: "Channel accounts: how many transactions can be under way at once.",
    default: 10,
    minimum: 1,
    maximum: 1_000,
  }),
  DEDUCT_EXPIRES_S: Type.Integer({
    description: "A deduction that could not be sent for so long is reported failed.",
    default: 86_400,
    minimum: 60,
    maximum: 604_800,
  }),
  RECONCILE_INTERVAL_S: Type.Integer({
    description: "How often rows and chain are compared.",
    default: 300,
    minimum: 1,
    maximum: 86_400,
  }),
  JOURNAL_KEEP_DAYS: Type.Integer({
    description: "Settled submissions older than this move to the journal's archive.",
    default: 30,
    minimum: 8,
    maximum: 3_650,
  }),
  BACKLOG_MAX_PER_TENANT: Type.Integer({
    description: "Deductions of one tenant that may be pending; more are refused with 503.",
    default: 100_000,
    minimum: 1,
    maximum: 10_000_000,
  }),
  BACKLOG_MAX_WAIT_S: Type.Integer({
    description: "A deduction that would wait longer for the chain is refused with 503.",
    default: 600,
    minimum: 1,
    maximum: 86_400,
  }),
  WITHDRAWAL_MIN_CONFIRMATIONS: Type.Integer({
    description: "Ledgers over a stream's settlement, after which it may be withdrawn.",
    default: 3,
    minimum: 0,
    maximum: 1_000,
  }),
  WITHDRAWAL_TIMEOUT_S: Type.Integer({
    description: "A withdrawal whose settlement is not final after so long is reported failed.",
    default: 600,
    minimum: 1,
    maximum: 86_400,
  }),
  ...EXPORT_VARIABLES,
  ...OBJECT_STORE_VARIABLES,
  HORIZON_ENABLED: Type.Boolean({ description: "Watches a Horizon in `/health`.", default: false }),
  HORIZON_URL: Type.Optional(
    Type.String({ description: "The Horizon to watch.", pattern: "^https?://.+" }),
  ),
  HORIZON_TIMEOUT_MS: Type.Integer({
    description: "A Horizon slower than this is `down`.",
    default: 2_000,
    minimum: 1,
    maximum: 60_000,
  }),
});

export type BillingConfig = Static<typeof configSchema>;

/** @throws {ConfigError} naming every fault */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): BillingConfig {
  return loadConfig(configSchema, env, (config) => [
    ...databaseFaults(config),
    ...(config.STORE_MODE === "memory" && config.NODE_ENV === "production"
      ? ["STORE_MODE is memory: NODE_ENV=production begins in Postgres"]
      : []),
    ...sorobanFaults(config),
    ...objectStoreFaults(config),
    ...exportFaults(config),
    ...(config.HORIZON_ENABLED && config.HORIZON_URL === undefined
      ? ["HORIZON_ENABLED is true: HORIZON_URL is required"]
      : []),
  ]);
}

function sorobanFaults(config: BillingConfig): string[] {
  if (!config.SOROBAN_RPC_ENABLED) return [];
  return (["SOROBAN_RPC_URL", "SUBMITTER_SECRET", "CHANNEL_MASTER_SECRET"] as const)
    .filter((name) => config[name] === undefined)
    .map((name) => `SOROBAN_RPC_ENABLED is true: ${name} is required`);
}
