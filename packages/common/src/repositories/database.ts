import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";
import { ProblemError } from "../contracts/errors.ts";
import { isDatabaseUnavailable } from "./postgres-error.ts";
import type { Schema } from "./schema.ts";

export type OrreryDatabase = Kysely<Schema>;
export type OrreryTransaction = Transaction<Schema>;

export interface Database {
  readonly kysely: OrreryDatabase;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Connections at most. */
  poolSize: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** What the pool says of a connection that broke while idle. */
  onIdleError?: (error: Error) => void;
}

/** The longest that getting a connection may take before the caller sees an error. */
const ACQUIRE_TIMEOUT_MS = 5_000;
/** The longest that one statement may run on the server. */
const STATEMENT_TIMEOUT_MS = 15_000;

/** Opens the one pool of a process. NUMERIC and BIGINT arrive as strings, so nothing is rounded. */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.applicationName,
    connectionTimeoutMillis: ACQUIRE_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  });
  // Without a listener a server restart would end the process.
  pool.on("error", (error) => options.onIdleError?.(error));
  // So would a connection that breaks while it is lent: its query fails, and that is told there.
  pool.on("connect", (client) => client.on("error", () => {}));
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return { kysely, pool, close: () => kysely.destroy() };
}

/** The role of request work: it cannot bypass row-level security. */
const REQUEST_ROLE = "orrery_request";

/**
 * Runs `work` in a transaction that sees and writes rows of the given tenants alone: row-level
 * security refuses what a forgotten filter would leak.
 * @see docs/adr/0005-tenancy-twice.md
 */
export async function withTenant<Result>(
  database: OrreryDatabase,
  tenantIds: string | readonly string[],
  work: (transaction: OrreryTransaction) => Promise<Result>,
): Promise<Result> {
  const tenants = typeof tenantIds === "string" ? tenantIds : tenantIds.join(",");
  return translateOutage(() =>
    database.transaction().execute(async (transaction) => {
      await sql`
        select set_config('role', ${REQUEST_ROLE}, true), set_config('orrery.tenants', ${tenants}, true)
      `.execute(transaction);
      return work(transaction);
    }),
  );
}

/**
 * Like `withTenant`, on a client of the pool itself: for statements that are named, so that the
 * server parses and plans them once per connection.
 */
export async function withTenantClient<Result>(
  pool: pg.Pool,
  tenantIds: readonly string[],
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  return translateOutage(async () => {
    const client = await pool.connect();
    let isBroken = false;
    try {
      // One round trip: a simple query may hold several statements.
      await client.query(
        `begin; set local role ${REQUEST_ROLE};` +
          `set local orrery.tenants = ${client.escapeLiteral(tenantIds.join(","))}`,
      );
      const result = await work(client);
      await client.query("commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(() => {
        isBroken = true;
      });
      throw error;
    } finally {
      client.release(isBroken);
    }
  });
}

/**
 * Tells an unreachable database from every other fault.
 * @throws {ProblemError} service_unavailable: whether a write took place is then unknown
 */
async function translateOutage<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw new ProblemError("service_unavailable", "The database is away; try again.", {
      headers: { "retry-after": "1" },
      cause: error,
    });
  }
}
