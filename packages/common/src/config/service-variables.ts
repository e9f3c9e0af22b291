import { Type } from "typebox";
import { CONTEXT_KEYS_PATTERN } from "../http/context-keys.ts";
import { Secret } from "./env.ts";

/** Variables of every service. Spread into the service's own `configSchema`. */
export const PROCESS_VARIABLES = {
  NODE_ENV: Type.Optional(
    Type.Union([Type.Literal("production"), Type.Literal("development"), Type.Literal("test")], {
      description: "`production` refuses settings that are for a single machine only.",
    }),
  ),
  HOST: Type.String({
    description: "The address to listen on.",
    default: "127.0.0.1",
    minLength: 1,
  }),
  LOG_LEVEL: Type.Union(
    (["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const).map((level) =>
      Type.Literal(level),
    ),
    { description: "The least severe level that is logged.", default: "info" },
  ),
  APP_VERSION: Type.String({
    description: "What `/health` reports as the version.",
    default: "0.1.0",
    minLength: 1,
  }),
  METRICS_ENABLED: Type.Boolean({
    description: "Measures requests, statements and health, and serves `/metrics`.",
    default: true,
  }),
  METRICS_PORT: Type.Optional(
    Type.Integer({
      description:
        "A port for `/metrics` alone; 0 takes a free one. On the service's own port without it. `npm start` ignores it.",
      minimum: 0,
      maximum: 65_535,
    }),
  ),
  N1_QUERY_THRESHOLD: Type.Integer({
    description: "A request with more statements than this is counted, and logged, as suspicious.",
    default: 50,
    minimum: 1,
    maximum: 100_000,
  }),
  N1_REPEAT_THRESHOLD: Type.Integer({
    description:
      "So is one that sends the same statement, whatever its values, more often than this.",
    default: 20,
    minimum: 1,
    maximum: 100_000,
  }),
  SLOW_QUERY_MS: Type.Integer({
    description: "A statement that takes longer is counted, and logged, as slow.",
    default: 200,
    minimum: 1,
    maximum: 600_000,
  }),
  SHUTDOWN_GRACE_MS: Type.Integer({
    description: "From SIGTERM to the end of the process, whatever still runs.",
    default: 10_000,
    minimum: 100,
    maximum: 600_000,
  }),
};

/** The keys of the contexts that the gateway signs and the services verify. */
export const CONTEXT_VARIABLES = {
  CONTEXT_SIGNING_KEYS: Secret({
    description:
      "Keys of the signed context between gateway and services, `kid:base64` of at least 32 bytes, comma-separated; the first signs, all verify.",
    pattern: CONTEXT_KEYS_PATTERN,
  }),
};

/** The credentials of `/internal`. */
export const INTERNAL_VARIABLES = {
  INTERNAL_TOKENS: Type.Optional(
    Secret({
      description:
        "Bearer tokens that open `/internal/v1`, comma-separated, of 32 characters or more; any of them is believed. Without it there are no such routes.",
      pattern: "^[A-Za-z0-9._~+/=-]{32,}(,[A-Za-z0-9._~+/=-]{32,})*$",
    }),
  ),
};

/** The network's RPC, for a service that reads it or submits to it. */
export const SOROBAN_RPC_VARIABLES = {
  SOROBAN_RPC_URL: Type.Optional(
    Type.String({ description: "The Soroban RPC of the network.", pattern: "^https?://.+" }),
  ),
  SOROBAN_RPC_URLS: Type.Optional(
    Type.String({
      description: "Further RPCs of the same network, comma-separated, to fail over to.",
      pattern: "^https?://[^,]+(,https?://[^,]+)*$",
    }),
  ),
  SOROBAN_RPC_TIMEOUT_MS: Type.Integer({
    description: "The longest that one call of the RPC may take.",
    default: 2_000,
    minimum: 1,
    maximum: 60_000,
  }),
};

/** What instances share beside the database. */
export const REDIS_VARIABLES = {
  REDIS_URL: Type.Optional(
    Secret({
      description:
        "The Redis that instances share limits and cached values in; without it each keeps its own.",
      pattern: "^rediss?://.+",
    }),
  ),
};

/** Where links in answers lead. */
export const LINK_VARIABLES = {
  PUBLIC_URL: Type.Optional(
    Type.String({
      description:
        "Where consumers reach the gateway: what links in answers begin with. As their requests say, without it.",
      pattern: "^https?://[^/?#\\s]+/?$",
    }),
  ),
};

/** Where state lives. */
export const DATABASE_VARIABLES = {
  PERSISTENCE: Type.Optional(
    Type.Union([Type.Literal("postgres"), Type.Literal("memory")], {
      description:
        "Where state lives; `postgres` when a database is named, else `memory`, which production refuses.",
    }),
  ),
  DATABASE_URL: Type.Optional(
    Secret({
      description: "The Postgres database, `postgres://user:password@host:port/name`.",
      pattern: "^postgres(ql)?://.+",
    }),
  ),
  DB_HOST: Type.Optional(
    Type.String({ description: "With the other `DB_` variables, instead of `DATABASE_URL`." }),
  ),
  DB_PORT: Type.Integer({
    description: "The port of `DB_HOST`.",
    default: 5432,
    minimum: 1,
    maximum: 65_535,
  }),
  DB_USER: Type.Optional(Type.String({ description: "The user at `DB_HOST`." })),
  DB_PASSWORD: Type.Optional(Secret({ description: "The password at `DB_HOST`." })),
  DB_NAME: Type.Optional(Type.String({ description: "The database at `DB_HOST`." })),
  DB_POOL_SIZE: Type.Integer({
    description:
      "Connections to Postgres at most, per process, for requests; background work has up to 5 more.",
    default: 10,
    minimum: 1,
    maximum: 500,
  }),
  HEALTH_DB_TIMEOUT_MS: Type.Integer({
    description: "A database slower than this is `down` for the health check.",
    default: 2_000,
    minimum: 1,
    maximum: 60_000,
  }),
};

export function portVariable(service: string, port: number) {
  return Type.Integer({
    description: `The port of ${service}; 0 takes a free one.`,
    default: port,
    minimum: 0,
    maximum: 65_535,
  });
}

interface DatabaseConfig {
  NODE_ENV?: string;
  PERSISTENCE?: "postgres" | "memory";
  DATABASE_URL?: string;
  DB_HOST?: string;
  DB_PORT: number;
  DB_USER?: string;
  DB_PASSWORD?: string;
  DB_NAME?: string;
}

/** The database to use; undefined: state lives in memory. `databaseFaults` has found none. */
export function databaseUrlOf(config: DatabaseConfig): string | undefined {
  if (config.PERSISTENCE === "memory") return undefined;
  if (config.DATABASE_URL !== undefined) return config.DATABASE_URL;
  const { DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME } = config;
  if (DB_HOST === undefined) return undefined;
  const url = new URL(`postgres://${DB_HOST}:${DB_PORT}/${encodeURIComponent(DB_NAME ?? "")}`);
  url.username = encodeURIComponent(DB_USER ?? "");
  url.password = encodeURIComponent(DB_PASSWORD ?? "");
  return url.href;
}

/** What is wrong with the database settings taken together. */
export function databaseFaults(config: DatabaseConfig): string[] {
  const faults: string[] = [];
  const isNamed = config.DATABASE_URL !== undefined || config.DB_HOST !== undefined;
  if (config.PERSISTENCE === "postgres" && !isNamed) {
    faults.push("PERSISTENCE is postgres: DATABASE_URL (or DB_HOST and its kin) is required");
  }
  if (config.DATABASE_URL !== undefined && config.DB_HOST !== undefined) {
    faults.push("DATABASE_URL and DB_HOST name two databases; set one");
  }
  if (config.DB_HOST !== undefined) {
    if (config.DB_USER === undefined) faults.push("DB_USER is required with DB_HOST");
    if (config.DB_NAME === undefined) faults.push("DB_NAME is required with DB_HOST");
  }
  const isMemory = config.PERSISTENCE === "memory" || !isNamed;
  if (isMemory && config.NODE_ENV === "production") {
    faults.push("state in memory is lost with the process; NODE_ENV=production wants DATABASE_URL");
  }
  return faults;
}
