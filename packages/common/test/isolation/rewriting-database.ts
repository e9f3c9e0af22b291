import type { Database } from "@orrery/common/repositories/database";
import type { Schema } from "@orrery/common/repositories/schema";
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { Rewrite } from "./rewrites.ts";

export interface RewritingDatabase extends Database {
  /** What the statements from now on go through. */
  rewrite: Rewrite;
}

/** A database whose statements are rewritten on their way to the server, whichever layer made them. */
export function openRewritingDatabase(url: string, role?: string): RewritingDatabase {
  const database = { rewrite: (text: string) => text };
  const rewritten = (text: string) => database.rewrite(text);
  class RewritingClient extends pg.Client {
    // pg.Client's many overloads meet in one: a text, a query, or something that submits itself.
    override query(statement: string | pg.QueryConfig | pg.Submittable, ...rest: unknown[]): never {
      const send = super.query as (...given: unknown[]) => never;
      if (typeof statement === "string") return send.call(this, rewritten(statement), ...rest);
      if ("submit" in statement) {
        rewriteSubmitted(statement, rewritten);
        return send.call(this, statement, ...rest);
      }
      // Without its name: the server remembers another text under it.
      const text = rewritten(statement.text);
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
  // The database is dropped while its connections may still be on their way to their end.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", () => {}));
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
  return Object.assign(database, { kysely, pool, close: () => kysely.destroy() });
}

/** What submits itself has a text of its own, which is seen when it hands it to the connection. */
function rewriteSubmitted(statement: pg.Submittable, rewrite: Rewrite): void {
  const submit = statement.submit.bind(statement);
  statement.submit = (connection) => {
    const send = connection.query.bind(connection);
    connection.query = (text) => send(rewrite(text));
    try {
      return submit(connection);
    } finally {
      connection.query = send;
    }
  };
}
