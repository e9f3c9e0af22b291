import type { Pool } from "pg";
import type { HealthCheck } from "../contracts/health.ts";

/** An answer slower than this is `degraded`. */
const DEGRADED_MS = 1_000;

/** Whether Postgres answers; a check that times out closes its connection, which ends its query. */
export function databaseCheck(pool: Pool, timeoutMs: number): HealthCheck {
  return {
    name: "database",
    isRequired: true,
    timeoutMs,
    degradedAboveMs: DEGRADED_MS,
    async probe(signal) {
      const client = await pool.connect();
      if (signal.aborted) {
        client.release();
        return "down";
      }
      const abandon = () => client.release(true);
      signal.addEventListener("abort", abandon, { once: true });
      try {
        await client.query("select 1");
        return "ok";
      } finally {
        signal.removeEventListener("abort", abandon);
        if (!signal.aborted) client.release();
      }
    },
  };
}
