import type { Database } from "@orrery/common/repositories/database";
import { sql } from "kysely";

interface Table {
  readonly name: string;
  readonly hasTenant: boolean;
}

/** Every row as it was once, to compare with and to go back to. */
export class Snapshot {
  readonly #database: Database;
  readonly #tables: readonly Table[];

  private constructor(database: Database, tables: readonly Table[]) {
    this.#database = database;
    this.#tables = tables;
  }

  /** `database`: as the superuser. */
  static async take(database: Database): Promise<Snapshot> {
    const { rows: tables } = await sql<Table>`
      select quote_ident(relname) as name, exists (
        select from pg_attribute where attrelid = pg_class.oid and attname = 'tenant_id'
      ) as "hasTenant"
      from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
        and relname not like 'kysely%'
      order by relname
    `.execute(database.kysely);
    const copies = tables.map(({ name }) => `create table kept.${name} as table ${name};`);
    await sql.raw(`create schema kept; ${copies.join(" ")}`).execute(database.kysely);
    return new Snapshot(database, tables);
  }

  /** Puts every row back; triggers and references were true when the snapshot was taken. */
  async restore(): Promise<void> {
    // Not truncated: a few rows are deleted faster than forty tables are made anew.
    const copies = this.#tables.map(
      ({ name }) =>
        `delete from ${name}; insert into ${name} overriding system value table kept.${name};`,
    );
    await sql
      .raw(
        `set session_replication_role = replica; ${copies.join(" ")}
        set session_replication_role = default`,
      )
      .execute(this.#database.kysely);
  }

  /** What the tenant's rows are like, a line for each table; equal while nobody changed one. */
  async readRowsOf(tenantId: string): Promise<string> {
    const digests = this.#tables
      .filter(({ hasTenant }) => hasTenant)
      .map(
        ({ name }) =>
          `select '${name} ' || coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') as line
          from ${name} t where tenant_id = '${tenantId}'`,
      );
    const { rows } = await sql
      .raw<{ line: string }>(digests.join(" union all "))
      .execute(this.#database.kysely);
    return rows.map(({ line }) => line).join("\n");
  }
}
