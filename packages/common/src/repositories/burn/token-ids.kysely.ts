import { sql } from "kysely";
import { type OrreryDatabase, withTenant } from "../database.ts";

interface TokenName {
  readonly tenantId: string;
  readonly address: string;
}

/** A few megabytes at most. */
const MAX_KEPT = 10_000;

/** The ids of tokens, which never change: kept, the oldest going first. */
export class TokenIds {
  readonly #database: OrreryDatabase;
  readonly #ids = new Map<string, string>();

  constructor(database: OrreryDatabase) {
    this.#database = database;
  }

  /** In the order of the names; undefined where there is no such token. */
  async find(names: readonly TokenName[]): Promise<readonly (string | undefined)[]> {
    const found = new Map(names.map((name) => [keyOf(name), this.#ids.get(keyOf(name))]));
    const missing = names.filter((name) => found.get(keyOf(name)) === undefined);
    if (missing.length > 0) {
      for (const { tenant_id, address, id } of await this.#read(missing)) {
        const key = keyOf({ tenantId: tenant_id, address });
        found.set(key, id);
        this.#keep(key, id);
      }
    }
    return names.map((name) => found.get(keyOf(name)));
  }

  #read(names: readonly TokenName[]) {
    const tenants = [...new Set(names.map(({ tenantId }) => tenantId))];
    return withTenant(this.#database, tenants, async (transaction) => {
      const { rows } = await sql<{ tenant_id: string; address: string; id: string }>`
        select given.tenant_id, given.address, token.id
        from unnest(
          ${names.map(({ tenantId }) => tenantId)}::text[],
          ${names.map(({ address }) => address)}::text[]
        ) as given (tenant_id, address)
        cross join lateral (
          select id from tokens
          where tokens.tenant_id = given.tenant_id and tokens.address = given.address limit 1
        ) as token
      `.execute(transaction);
      return rows;
    });
  }

  #keep(key: string, id: string): void {
    this.#ids.set(key, id);
    if (this.#ids.size <= MAX_KEPT) return;
    for (const oldest of this.#ids.keys()) {
      this.#ids.delete(oldest);
      break;
    }
  }
}

/** Neither holds a space. */
function keyOf({ tenantId, address }: TokenName): string {
  return `${tenantId} ${address}`;
}
