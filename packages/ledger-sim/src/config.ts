import { StrKey } from "@stellar/stellar-sdk";
import type { LedgerSimOptions } from "./server.ts";

/** Everything that the process reads from its environment, as a JSON schema. */
export const configSchema = {
  properties: {
    HOST: {
      type: "string",
      description: "The address that the process listens on.",
      default: "127.0.0.1",
    },
    LEDGER_PORT: {
      type: "integer",
      description: "The port of the network simulator.",
      default: 8000,
      minimum: 0,
      maximum: 65_535,
    },
    LEDGER_CLOSE_MS: {
      type: "integer",
      description: "Time between two ledgers of the simulator; 0 closes them only by hand.",
      default: 5_000,
      minimum: 0,
      maximum: 3_600_000,
    },
    NETWORK_PASSPHRASE: {
      type: "string",
      description: "The passphrase that names the network and is part of every signature.",
      default: "Orrery Local Network ; 2026",
    },
    LEDGER_DATA_FILE: {
      type: "string",
      description: "Where the simulated network is kept; it is forgotten at the end without it.",
    },
    GENESIS_ACCOUNTS: {
      type: "string",
      description: "Public keys (G…), comma-separated, of accounts that exist from the start.",
    },
    VAULT_AUTHORIZED_CALLER: {
      type: "string",
      description: "Public key (G…) of the account that may charge vaults made by sim_fund.",
    },
  },
} as const;

/** What the process is started with. */
export type Config = Required<
  Pick<LedgerSimOptions, "host" | "port" | "closeMs" | "networkPassphrase" | "genesisAccounts">
> &
  Pick<LedgerSimOptions, "vaultAuthorizedCaller" | "dataFile">;

type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration does not parse; the message names every fault. */
class ConfigError extends Error {}

/**
 * Reads the configuration whole.
 * @throws {ConfigError} naming every value that does not parse
 */
export function readConfig(env: Environment): Config {
  const { properties } = configSchema;
  const faults: string[] = [];
  const integer = (name: "LEDGER_PORT" | "LEDGER_CLOSE_MS"): number => {
    const { default: fallback, maximum } = properties[name];
    const text = env[name];
    if (text === undefined || text === "") return fallback;
    if (/^\d{1,9}$/.test(text) && Number(text) <= maximum) return Number(text);
    faults.push(`${name} must be a whole number from 0 to ${maximum}`);
    return fallback;
  };
  const publicKey = (name: string, text: string): string => {
    if (!StrKey.isValidEd25519PublicKey(text)) faults.push(`${name}: "${text}" is no public key`);
    return text;
  };
  const genesis = (env["GENESIS_ACCOUNTS"] ?? "").split(",").map((key) => key.trim());
  const caller = env["VAULT_AUTHORIZED_CALLER"];
  const dataFile = env["LEDGER_DATA_FILE"];
  const config: Config = {
    host: env["HOST"] || properties.HOST.default,
    port: integer("LEDGER_PORT"),
    closeMs: integer("LEDGER_CLOSE_MS"),
    networkPassphrase: env["NETWORK_PASSPHRASE"] || properties.NETWORK_PASSPHRASE.default,
    genesisAccounts: genesis
      .filter((key) => key !== "")
      .map((key) => publicKey("GENESIS_ACCOUNTS", key)),
    ...(caller && { vaultAuthorizedCaller: publicKey("VAULT_AUTHORIZED_CALLER", caller) }),
    ...(dataFile && { dataFile }),
  };
  if (faults.length > 0) throw new ConfigError(faults.join("; "));
  return config;
}

/** Reads the configuration of this process. */
export function processConfig(): Config {
  return readConfig(process.env);
}
