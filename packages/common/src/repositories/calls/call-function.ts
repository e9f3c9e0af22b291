import type pg from "pg";
import { translateOutage } from "../database.ts";
import { isDatabaseUnavailable } from "../postgres-error.ts";

/**
 * Runs a statement that is a transaction by itself, such as a call of a function which becomes a role
 * and acts for tenants: one round trip, planned once per connection when it is named.
 */
export async function callFunction<Row extends pg.QueryResultRow>(
  pool: pg.Pool,
  statement: pg.QueryConfig,
): Promise<readonly Row[]> {
  return translateOutage(async () => {
    const client = await pool.connect();
    let isBroken = false;
    try {
      return (await client.query<Row>(statement)).rows;
    } catch (error) {
      isBroken = isDatabaseUnavailable(error);
      throw error;
    } finally {
      client.release(isBroken);
    }
  });
}
