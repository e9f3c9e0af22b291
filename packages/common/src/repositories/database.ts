import { Kysely, PostgresDialect, type QueryExecutorProvider, sql, type Transaction } from "kysely";
import pg from "pg";
import { ProblemError } from "../contracts/errors.ts";
import type { DriverObserver } from "../observability/database/driver-observer.ts";
import { type DatabaseRole, REQUEST_ROLE, type TenantRole } from "./database-roles.ts";
import { ObservedPool } from "./observed/observed-pool.ts";
import { isDatabaseUnavailable } from "./postgres-error.ts";
import type { Schema } from "./schema.ts";
import type { ActingFor, TransactionFrame } from "./transaction-frame.ts";

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
  /**
   * What a statement outside of `withTenant` and `withRole` may do; left out: what the login may,
   * which is nothing for the logins of the services.
   */
  role?: DatabaseRole;
  /** What the pool says of a connection that broke while idle. */
  onIdleError?: (error: Error) => void;
  /** Told of connections and statements; nobody is when left out. */
  observer?: DriverObserver | undefined;
}

/** The longest that getting a connection may take before the caller sees an error. */
const ACQUIRE_TIMEOUT_MS = 5_000;
/** The longest that one statement may run on the server. */
const STATEMENT_TIMEOUT_MS = 15_000;

/** Opens the one pool of a process. NUMERIC and BIGINT arrive as strings, so nothing is rounded. */
export function openDatabase(options: DatabaseOptions): Database {
  const { role, observer } = options;
  const settings = {
    connectionString: options.url,
    max: options.poolSize,
    application_name: options.applicationName,
    connectionTimeoutMillis: ACQUIRE_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, whatever its types say
    ...(role !== undefined && { onConnect: (client) => becomeRole(client, role) }),
  } satisfies pg.PoolConfig;
  const pool =
    observer === undefined ? new pg.Pool(settings) : new ObservedPool(settings, observer);
  // Without a listener a server restart would end the process.
  pool.on("error", (error) => options.onIdleError?.(error));
  // So would a connection that breaks while it is lent: its query fails, and that is told there.
  pool.on("connect", (client) => client.on("error", () => {}));
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  const close = async () => {
    await kysely.destroy();
    observer?.closed(pool);
  };
  return { kysely, pool, close };
}

/** Invalid parameter value (there is no such role), insufficient privilege (it is not the login's). */
const CANNOT_BECOME = new Set(["22023", "42501"]);

async function becomeRole(client: pg.ClientBase, role: DatabaseRole): Promise<void> {
  try {
    await client.query(`set role ${role}`);
  } catch (error) {
    if (!CANNOT_BECOME.has((error as { code?: string }).code ?? "")) throw error;
    throw new Error(
      `the database user cannot become ${role}; run "npm run migrate", and connect as a login that has the role`,
      { cause: error },
    );
  }
}

/**
 * Runs `work` in a transaction that sees and writes rows of the given tenants alone: row-level
 * security refuses what a forgotten filter would leak.
 * @see docs/adr/0005-tenancy-twice.md
 */
export async function withTenant<Result>(
  database: OrreryDatabase,
  tenantIds: string | readonly string[],
  work: (transaction: OrreryTransaction) => Promise<Result>,
  role: TenantRole = REQUEST_ROLE,
): Promise<Result> {
  const tenants = typeof tenantIds === "string" ? tenantIds : tenantIds.join(",");
  return translateOutage(() =>
    database.transaction().execute(async (transaction) => {
      await actFor(transaction, { role, tenants });
      return work(transaction);
    }),
  );
}

/** The first statement of a transaction of request work. */
export async function actFor(
  transaction: QueryExecutorProvider,
  { role, tenants }: ActingFor,
): Promise<void> {
  await sql`
    select set_config('role', ${role}, true), set_config('orrery.tenants', ${tenants}, true)
  `.execute(transaction);
}

/**
 * As `withTenant`, for work that a request's idempotency key may be kept with: its claim and its
 * answer commit with the work, or nothing does.
 * @see docs/idempotency.md
 */
export async function withTenantEffect<Result>(
  database: OrreryDatabase,
  tenantId: string,
  effect: TransactionFrame<Result> | undefined,
  work: (transaction: OrreryTransaction) => Promise<Result>,
  role: TenantRole = REQUEST_ROLE,
): Promise<Result> {
  if (effect === undefined) return withTenant(database, tenantId, work, role);
  return translateOutage(() =>
    database.transaction().execute(async (transaction) => {
      await effect.open(transaction, { role, tenants: tenantId });
      const result = await work(transaction);
      await effect.close(transaction, result);
      return result;
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

/** Whether the database could not be reached, told by the driver or by `translateOutage`. */
export function isOutage(error: unknown): boolean {
  if (error instanceof ProblemError) return error.code === "service_unavailable";
  return isDatabaseUnavailable(error);
}

/**
 * Tells an unreachable database from every other fault.
 * @throws {ProblemError} service_unavailable: whether a write took place is then unknown
 */
export async function translateOutage<Result>(work: () => Promise<Result>): Promise<Result> {
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
