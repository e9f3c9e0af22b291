import { ConfigError, printConfig } from "@orrery/common/config/env";
import { MAX_WAITING_CALLS } from "@orrery/common/contracts/operations";
import { describe, expect, it } from "vitest";
import { configSchema, readConfig } from "./config.ts";
import { limitsOf } from "./limits/limit.ts";

const KEYS = `k1:${Buffer.alloc(32, 1).toString("base64")}`;
const least = { CONTEXT_SIGNING_KEYS: KEYS };
const production = { ...least, NODE_ENV: "production", DATABASE_URL: "postgres://u:p@db/orrery" };
const jwks = {
  ...least,
  JWT_JWKS_URL: "https://id.example/jwks",
  JWT_ISSUER: "https://id.example",
  JWT_AUDIENCE: "orrery",
};

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    return (error as ConfigError).faults;
  }
}

describe("the gateway's configuration", () => {
  it("lets calls that wait for the chain fill no more than two thirds of an instance", () => {
    const waiting = MAX_WAITING_CALLS.deductions + MAX_WAITING_CALLS.streamActions;
    expect(waiting).toBeLessThanOrEqual((readConfig(least).UPSTREAM_MAX_PENDING * 2) / 3);
  });

  it("needs nothing but the signing keys, and has the documented limits", () => {
    const config = readConfig(least);
    expect(config).toMatchObject({ GATEWAY_PORT: 8080, TENANT_HEADER_TRUST: false });
    expect(limitsOf(config)).toEqual({
      "billing-write": 6_000,
      "billing-read": 60_000,
      "catalog-write": 6_000,
      "catalog-read": 60_000,
      exports: 5,
      "signed-link": 600,
      "auth-failure": 60,
    });
  });

  it.each([
    ["a loopback listener", { ...production, TENANT_HEADER_TRUST: "true" }],
    ["no production", { ...least, TENANT_HEADER_TRUST: "true", HOST: "0.0.0.0" }],
    ["a key set", jwks],
    ["a secret", { ...least, JWT_SECRET: "x".repeat(32) }],
    ["proxies", { ...least, TRUSTED_PROXIES: "10.0.0.0/8, ::1" }],
  ])("accepts %s", (_what, env) => {
    expect(faultsOf(env)).toEqual([]);
  });

  it.each([
    ["no signing keys", {}, "CONTEXT_SIGNING_KEYS"],
    ["short signing keys", { CONTEXT_SIGNING_KEYS: "k1:c2hvcnQ=" }, "CONTEXT_SIGNING_KEYS"],
    ["two sources of keys", { ...jwks, JWT_SECRET: "x".repeat(32) }, "set one"],
    [
      "a key set for anybody's tokens",
      { ...least, JWT_JWKS_URL: "https://id.example" },
      "AUDIENCE",
    ],
    ["a guessable JWT secret", { ...least, JWT_SECRET: "secret" }, "JWT_SECRET"],
    ["a guessable admin token", { ...least, ADMIN_TOKEN: "admin" }, "ADMIN_TOKEN"],
    [
      "trust in whoever can reach a production listener",
      { ...production, TENANT_HEADER_TRUST: "true", HOST: "0.0.0.0" },
      "TENANT_HEADER_TRUST",
    ],
    ["production in memory", { ...least, NODE_ENV: "production" }, "DATABASE_URL"],
    ["a proxy that is no address", { ...least, TRUSTED_PROXIES: "proxy" }, "TRUSTED_PROXIES"],
    ["a service with a path", { ...least, BILLING_URL: "http://b/base" }, "BILLING_URL"],
    ["a limit of nothing", { ...least, LIMIT_BILLING_READ_PER_MINUTE: "0" }, "BILLING_READ"],
    ["a truth that is neither", { ...least, TENANT_HEADER_TRUST: "yes" }, "TENANT_HEADER_TRUST"],
  ])("refuses %s", (_what, env, fault) => {
    expect(faultsOf(env as Record<string, string>).join("\n")).toContain(fault);
  });

  it("names every fault at once", () => {
    const env = { GATEWAY_PORT: "many", LOG_LEVEL: "loud", ADMIN_TOKEN: "x" };
    expect(faultsOf(env).length).toBeGreaterThanOrEqual(4);
    expect(() => readConfig(env)).toThrow(ConfigError);
  });

  it("prints no secret", () => {
    const secrets = { JWT_SECRET: "j".repeat(40), ADMIN_TOKEN: "a".repeat(40) };
    const printed = printConfig(configSchema, readConfig({ ...production, ...secrets }));
    for (const secret of [KEYS, "p@db", ...Object.values(secrets)]) {
      expect(printed).not.toContain(secret);
    }
  });

  it("describes every variable", () => {
    for (const [name, property] of Object.entries(configSchema.properties)) {
      expect((property as { description?: string }).description, name).toMatch(/\.$/);
    }
  });
});
