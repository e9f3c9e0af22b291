import type { Database } from "@orrery/common/repositories/database";
import type { Schema } from "@orrery/common/repositories/schema";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Rewrite } from "./rewrites.ts";

export interface RewritingDatabase extends Database {
  /** What the statements from now on go through. */
  rewrite: Rewrite;
  /** Statements that the last rewrite has changed. */
  changed: number;
}

/** A database whose statements are rewritten on their way to the server, whichever layer made them. */
export function openRewritingDatabase(url: string, role?: string): RewritingDatabase {
  const database = { rewrite: (text: string) => text, changed: 0 };
  const rewritten = (text: string) => {
    const result = database.rewrite(text);
    if (result !== text) database.changed += 1;
    return result;
  };
  class RewritingClient extends pg.Client {
    // pg.Client's many overloads meet in one: a text, a query, or something that submits itself.
    override query(statement: string | { text: string }, ...rest: unknown[]): never {
      const send = super.query as (...given: unknown[]) => never;
      if (typeof statement === "string") return send.call(this, rewritten(statement), ...rest);
      const text = rewritten(statement.text);
      if ("submit" in statement)
        return send.call(this, Object.assign(statement, { text }), ...rest);
      // Without its name: the server remembers another text under it.
      return send.call(this, { ...statement, text, name: undefined }, ...rest);
    }
  }
  // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for it, whatever its types say
  const onConnect: pg.PoolConfig["onConnect"] = async (client) => {
    await client.query(`set role ${role}`);
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    Client: RewritingClient,
    ...(role !== undefined && { onConnect }),
  });
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return Object.assign(database, { kysely, pool, close: () => kysely.destroy() });
}
