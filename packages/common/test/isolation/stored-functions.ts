import type { Database } from "@orrery/common/repositories/database";
import { sql } from "kysely";
import type { Rewrite } from "./rewrites.ts";

/** The functions that live in the database: statements like any other, sent once. */
export class StoredFunctions {
  readonly #database: Database;
  readonly #texts: readonly string[];

  private constructor(database: Database, texts: readonly string[]) {
    this.#database = database;
    this.#texts = texts;
  }

  /** `database`: as their owner. */
  static async read(database: Database): Promise<StoredFunctions> {
    const { rows } = await sql<{ text: string }>`
      select pg_get_functiondef(oid) as text from pg_proc
      where pronamespace = 'public'::regnamespace and prosqlbody is null
    `.execute(database.kysely);
    return new StoredFunctions(
      database,
      rows.map(({ text }) => text),
    );
  }

  async rewrite(rewrite: Rewrite): Promise<void> {
    const texts = this.#texts.map(rewrite);
    await sql.raw(texts.join(";\n")).execute(this.#database.kysely);
  }

  async restore(): Promise<void> {
    await this.rewrite((text) => text);
  }
}
