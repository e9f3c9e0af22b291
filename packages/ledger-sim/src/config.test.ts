import { Keypair } from "@stellar/stellar-sdk";
import { describe, expect, it } from "vitest";
import { configSchema, readConfig } from "./config.ts";

const key = () => Keypair.random().publicKey();

describe("configuration", () => {
  it("has the documented defaults", () => {
    expect(readConfig({})).toEqual({
      host: "127.0.0.1",
      port: 8000,
      closeMs: 5000,
      networkPassphrase: "Orrery Local Network ; 2026",
      genesisAccounts: [],
    });
  });

  it("reads every variable of its schema", () => {
    const [caller, first, second] = [key(), key(), key()];
    const env = {
      HOST: "0.0.0.0",
      LEDGER_PORT: "9000",
      LEDGER_CLOSE_MS: "0",
      NETWORK_PASSPHRASE: "mine",
      LEDGER_DATA_FILE: "/data/ledger",
      GENESIS_ACCOUNTS: `${first}, ${second}`,
      VAULT_AUTHORIZED_CALLER: caller,
    };
    expect(Object.keys(env).toSorted()).toEqual(Object.keys(configSchema.properties).toSorted());
    expect(readConfig(env)).toEqual({
      host: "0.0.0.0",
      port: 9000,
      closeMs: 0,
      networkPassphrase: "mine",
      dataFile: "/data/ledger",
      genesisAccounts: [first, second],
      vaultAuthorizedCaller: caller,
    });
  });

  it("names every value that does not parse", () => {
    const env = {
      LEDGER_PORT: "65536",
      LEDGER_CLOSE_MS: "-1",
      GENESIS_ACCOUNTS: "nobody",
      VAULT_AUTHORIZED_CALLER: "S",
    };
    for (const name of Object.keys(env)) expect(() => readConfig(env)).toThrow(name);
  });
});
