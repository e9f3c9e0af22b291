import { type Kysely, sql } from "kysely";

/** An index for each order and filter of the platform's pools, so that a page costs the same anywhere. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const time of ["created_at", "end_time"]) {
    for (const filter of [[], ["status"], ["category"], ["category", "status"]]) {
      const name = sql.id(["pools", ...filter, time, "order"].join("_"));
      const columns = [...filter, time, "pool_id"].map((column) => sql.id(column));
      await sql`create index ${name} on pools (${sql.join(columns)})`.execute(db);
    }
  }
}
