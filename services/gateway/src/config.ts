import { loadConfig, Secret } from "@orrery/common/config/env";
import {
  CONTEXT_VARIABLES,
  DATABASE_VARIABLES,
  databaseFaults,
  PROCESS_VARIABLES,
  portVariable,
  REDIS_VARIABLES,
} from "@orrery/common/config/service-variables";
import { type Static, Type } from "typebox";
import { CORS_VARIABLES } from "./browsers/cors-variables.ts";
import { LIMIT_STORE_VARIABLES, LIMIT_VARIABLES } from "./limits/limit.ts";
import { PROXY_VARIABLES, proxyFaults } from "./proxy/proxy-variables.ts";
import { isLoopback } from "./tenants/header-trust.ts";

/** Everything that the gateway reads from its environment. */
export const configSchema = Type.Object({
  ...PROCESS_VARIABLES,
  GATEWAY_PORT: portVariable("the gateway", 8080),
  ...CONTEXT_VARIABLES,
  ...DATABASE_VARIABLES,
  ...PROXY_VARIABLES,
  ADMIN_TOKEN: Type.Optional(
    Secret({
      description:
        "The bearer that may administer; without it only keys with the scope `admin` may.",
      minLength: 32,
      pattern: "^[^\\s,]+$",
    }),
  ),
  JWT_SECRET: Type.Optional(
    Secret({
      description: "Verifies HS256 tokens; JWTs are off without it and `JWT_JWKS_URL`.",
      minLength: 32,
    }),
  ),
  JWT_JWKS_URL: Type.Optional(
    Type.String({
      description: "The key set that verifies tokens; wants `JWT_ISSUER` and `JWT_AUDIENCE` too.",
      pattern: "^https?://.+",
    }),
  ),
  JWT_JWKS_ALGORITHM: Type.Union(
    [Type.Literal("RS256"), Type.Literal("PS256"), Type.Literal("ES256"), Type.Literal("EdDSA")],
    {
      description: "The one algorithm that tokens of `JWT_JWKS_URL` are signed with.",
      default: "RS256",
    },
  ),
  JWT_ISSUER: Type.Optional(
    Type.String({ description: "The `iss` that tokens must have.", minLength: 1 }),
  ),
  JWT_AUDIENCE: Type.Optional(
    Type.String({ description: "The `aud` that tokens must be for.", minLength: 1 }),
  ),
  TENANT_HEADER_TRUST: Type.Boolean({
    description:
      "Accepts a bare `X-Tenant-ID` without a credential: for a private mesh or a demo only.",
    default: false,
  }),
  ...REDIS_VARIABLES,
  ...LIMIT_VARIABLES,
  ...LIMIT_STORE_VARIABLES,
  ...CORS_VARIABLES,
});

export type GatewayConfig = Static<typeof configSchema>;

/** @throws {ConfigError} naming every fault */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): GatewayConfig {
  return loadConfig(configSchema, env, (config) => [
    ...databaseFaults(config),
    ...jwtFaults(config),
    ...trustFaults(config),
    ...proxyFaults(config),
  ]);
}

function jwtFaults(config: GatewayConfig): string[] {
  const { JWT_SECRET, JWT_JWKS_URL, JWT_ISSUER, JWT_AUDIENCE } = config;
  const faults: string[] = [];
  if (JWT_JWKS_URL === undefined) return faults;
  if (JWT_SECRET !== undefined) faults.push("JWT_SECRET and JWT_JWKS_URL are both set; set one");
  if (!URL.canParse(JWT_JWKS_URL)) faults.push("JWT_JWKS_URL is not a URL");
  // An identity provider signs tokens for others with the same keys.
  if (JWT_ISSUER === undefined) faults.push("JWT_ISSUER is required with JWT_JWKS_URL");
  if (JWT_AUDIENCE === undefined) faults.push("JWT_AUDIENCE is required with JWT_JWKS_URL");
  return faults;
}

function trustFaults(config: GatewayConfig): string[] {
  const { TENANT_HEADER_TRUST, NODE_ENV, HOST } = config;
  const faults: string[] = [];
  if (TENANT_HEADER_TRUST && NODE_ENV === "production" && !isLoopback(HOST)) {
    faults.push("TENANT_HEADER_TRUST with NODE_ENV=production wants a loopback HOST");
  }
  return faults;
}
