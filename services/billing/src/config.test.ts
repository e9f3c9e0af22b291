import { ConfigError } from "@orrery/common/config/env";
import { describe, expect, it } from "vitest";
import { readConfig } from "./config.ts";

const ENV = {
  CONTEXT_SIGNING_KEYS: `k1:${"A".repeat(43)}=`,
  EXPORT_URL_KEYS: `e1:${"B".repeat(43)}=`,
  DATABASE_URL: "postgres://orrery:secret@127.0.0.1:5432/orrery",
  SOROBAN_RPC_URL: "http://127.0.0.1:8000",
  SUBMITTER_SECRET: `S${"A".repeat(55)}`,
  CHANNEL_MASTER_SECRET: "0".repeat(64),
};

function faultsOf(changes: Record<string, string>): readonly string[] {
  try {
    readConfig({ ...ENV, ...changes });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe("billing's configuration", () => {
  it("starts with what is required and nothing more", () => {
    expect(readConfig(ENV)).toMatchObject({
      BILLING_PORT: 8081,
      DB_POOL_SIZE: 10,
      CHANNEL_COUNT: 10,
    });
  });

  it.each([
    ["DB_POOL_SIZE", "0"],
    ["DB_POOL_SIZE", "ten"],
    ["BILLING_PORT", "65536"],
    ["BACKLOG_MAX_PER_TENANT", "0"],
    ["BACKLOG_MAX_WAIT_S", "-1"],
    ["SUBMITTER_SECRET", "SECRET"],
    ["CHANNEL_MASTER_SECRET", "abc"],
    ["SOROBAN_RPC_URL", "localhost:8000"],
    ["CONTEXT_SIGNING_KEYS", "k1:short"],
    ["EXPORT_URL_KEYS", "e1:short"],
    ["EXPORT_URL_KEYS", `e1:${"A".repeat(43)}=`],
    ["EXPORT_CONCURRENCY", "0"],
    ["EXPORT_MAX_BYTES", "1e12"],
    ["PUBLIC_URL", "api.example.com"],
    ["PERSISTENCE", "disk"],
    ["LOG_LEVEL", "loud"],
  ])("refuses to start with %s=%s", (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringContaining(name)]);
  });

  it("wants what the chain needs, unless the chain is off", () => {
    const names = ["SOROBAN_RPC_URL", "SUBMITTER_SECRET", "CHANNEL_MASTER_SECRET"];
    const none = Object.fromEntries(names.map((name) => [name, ""]));
    expect(faultsOf(none)).toHaveLength(3);
    expect(faultsOf({ ...none, SOROBAN_RPC_ENABLED: "false" })).toEqual([]);
  });

  it("wants the address of a Horizon that is watched", () => {
    expect(faultsOf({ HORIZON_ENABLED: "true" })).toEqual([
      expect.stringContaining("HORIZON_URL is required"),
    ]);
    const url = "https://horizon.example.com";
    expect(faultsOf({ HORIZON_ENABLED: "true", HORIZON_URL: url })).toEqual([]);
    expect(faultsOf({ HORIZON_ENABLED: "true", HORIZON_URL: "horizon.example.com" })).toEqual([
      expect.stringContaining("HORIZON_URL"),
    ]);
  });

  it("begins in Postgres in production", () => {
    expect(faultsOf({ STORE_MODE: "memory", NODE_ENV: "production" })).toEqual([
      expect.stringContaining("STORE_MODE"),
    ]);
    expect(faultsOf({ STORE_MODE: "memory" })).toEqual([]);
  });

  it("keeps state in memory only outside production", () => {
    expect(faultsOf({ DATABASE_URL: "", NODE_ENV: "production" })).toHaveLength(1);
    expect(faultsOf({ PERSISTENCE: "memory", NODE_ENV: "production" })).toHaveLength(1);
    expect(faultsOf({ DATABASE_URL: "" })).toEqual([]);
    expect(faultsOf({ DATABASE_URL: "", PERSISTENCE: "postgres" })).toHaveLength(1);
  });

  it("wants a bucket's whole address and credential, or nothing of it", () => {
    const s3 = {
      S3_ENDPOINT: "https://s3.example.com",
      S3_BUCKET: "orrery-exports",
      S3_ACCESS_KEY_ID: "id",
      S3_SECRET_ACCESS_KEY: "secret",
    };
    expect(faultsOf(s3)).toEqual([]);
    expect(faultsOf({ ...s3, S3_ENDPOINT: "" })).toHaveLength(3);
    expect(faultsOf({ ...s3, S3_BUCKET: "", S3_SECRET_ACCESS_KEY: "" })).toHaveLength(2);
    expect(faultsOf({ ...s3, S3_BUCKET: "Not A Bucket" })).toHaveLength(1);
  });

  it("takes the database in parts, and not twice", () => {
    const parts = { DB_HOST: "db", DB_USER: "me", DB_NAME: "orrery" };
    expect(faultsOf({ ...parts, DATABASE_URL: "" })).toEqual([]);
    expect(faultsOf(parts)).toHaveLength(1);
    expect(faultsOf({ DB_HOST: "db", DATABASE_URL: "" })).toHaveLength(2);
  });
});
