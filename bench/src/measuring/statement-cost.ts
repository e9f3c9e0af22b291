import { DriverMetrics } from "@orrery/common/observability/database/driver-metrics";
import { QueryTally, tallying } from "@orrery/common/observability/database/query-tally";
import { createRegistry } from "@orrery/common/observability/metrics";
import { observeClient } from "@orrery/common/repositories/observed/observe-client";
import pg from "pg";

const STATEMENTS_OF_A_REQUEST = 4;
const TABLES = ["usage_events", "vaults", "registered_apis", "streams"];
const ANSWER = { command: "SELECT", rowCount: 0, rows: [] };

/** A connection that answers at once, so that what is left is what a statement costs beside its work. */
export function openIdleClient(isObserved: boolean): pg.Client {
  const client = new pg.Client();
  Object.defineProperty(client, "query", { value: async () => ANSWER, configurable: true });
  if (isObserved) {
    const metrics = new DriverMetrics({
      registry: createRegistry(),
      poolSize: 10,
      slowQueryMs: 200,
      onSlow: () => {},
    });
    observeClient(client, metrics.requests());
  }
  return client;
}

/** Processor time of one statement in microseconds; its text is made anew each time, as Kysely does. */
export async function statementMicroseconds(client: pg.Client, count: number): Promise<number> {
  const before = process.cpuUsage();
  for (let sent = 0; sent < count; sent += STATEMENTS_OF_A_REQUEST) {
    await tallying(new QueryTally(), async () => {
      for (const table of TABLES) {
        const text = `select "id", "created_at", "status" from "${table}" where "tenant_id" = $1 and "id" = $2`;
        await client.query(text, ["bench", sent]);
      }
    });
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}
