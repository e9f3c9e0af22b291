import { type Kysely, sql } from "kysely";
import { createSystemRole, grantAcrossTenants } from "./system-roles.ts";
import { enableTenantIsolation } from "./tenant-isolation.ts";

/** What is not in an index yet is read from end to end by every search. */
const PENDING_LIST_KB = 256;

/**
 * What a search for a text reads: a narrow copy of the tokens, which burns never write to, with an
 * index for each way to look. Filling it takes about 30 s and locks `tokens` for each million of them.
 * @see docs/adr/0009-token-search.md
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createCopy(db);
  await fillCopy(db);
  await indexCopy(db);
  await coverTokens(db);
  await createSearcher(db);
}

/** Kept by triggers, so that a release that knows nothing of it keeps it too. */
async function createCopy(db: Kysely<unknown>): Promise<void> {
  // Index-only scans want pages that a vacuum has seen, also of rows that were just added.
  await sql`
    create table token_search (
      tenant_id text collate "C" not null,
      address text collate "C" not null,
      name text collate "C" not null,
      created_at timestamptz(3) not null,
      search_text text collate "C" not null
    ) with (autovacuum_vacuum_insert_scale_factor = 0.02)
  `.execute(db);
  await sql`
    create function note_new_tokens() returns trigger language plpgsql as $$
    begin
      insert into token_search (tenant_id, address, name, created_at, search_text)
      select tenant_id, address, name, created_at, search_text from added;
      insert into list_sizes as sizes (tenant_id, list, key, slot, size)
      select tenant_id, 'tokens', '', list_size_slot(address), count(*)
      from added group by 1, 2, 3, 4 order by 1, 2, 3, 4
      on conflict (tenant_id, list, key, slot) do update set size = sizes.size + excluded.size;
      return null;
    end $$
  `.execute(db);
  await sql`
    create trigger tokens_noted after insert on tokens
    referencing new table as added for each statement execute function note_new_tokens()
  `.execute(db);
}

async function fillCopy(db: Kysely<unknown>): Promise<void> {
  // An owner who is no superuser is held to the policies, and none is his.
  const tables = ["tokens", "list_sizes"];
  for (const table of tables) {
    await sql`alter table ${sql.table(table)} no force row level security`.execute(db);
  }
  await sql`
    insert into token_search (tenant_id, address, name, created_at, search_text)
    select tenant_id, address, name, created_at, search_text from tokens order by created_at
  `.execute(db);
  await sql`
    insert into list_sizes (tenant_id, list, key, slot, size)
    select tenant_id, 'tokens', '', list_size_slot(address), count(*) from tokens group by 1, 2, 3, 4
  `.execute(db);
  for (const table of tables) {
    await sql`alter table ${sql.table(table)} force row level security`.execute(db);
  }
}

async function indexCopy(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index token_search_newest on token_search (tenant_id, created_at desc, address)
    include (search_text)
  `.execute(db);
  await sql`
    create index token_search_name on token_search (tenant_id, name, address) include (search_text)
  `.execute(db);
  await createGrams(db);
  await sql`
    create index token_search_grams on token_search using gin (search_grams(search_text))
    with (gin_pending_list_limit = ${sql.lit(PENDING_LIST_KB)})
  `.execute(db);
  await indexTrigrams(db);
}

/** Every piece of a text that is one, two or three characters long. No text holds U+0001. */
async function createGrams(db: Kysely<unknown>): Promise<void> {
  const pieces = [
    { size: 2, from: [1, 2] },
    { size: 3, from: [1, 2, 3] },
  ].flatMap(({ size, from }) =>
    from.map((start) => {
      const piece = sql.lit(`(${".".repeat(size)})`);
      const mark = sql`regexp_replace(substr(value, ${sql.lit(start)}), ${piece}, '\\1' || chr(1), 'g')`;
      return sql`string_to_array(${mark}, chr(1))`;
    }),
  );
  await sql`
    create function search_grams(value text) returns text[] language sql immutable parallel safe
    return string_to_array(value, null) || ${sql.join(pieces, sql` || `)}
  `.execute(db);
}

/** A word is found by pg_trgm; where that is not to be had, by the grams, as everything else is. */
async function indexTrigrams(db: Kysely<unknown>): Promise<void> {
  await sql`
    do $$ begin
      create extension if not exists pg_trgm;
      create index token_search_trigrams on token_search using gin (search_text gin_trgm_ops)
        with (gin_pending_list_limit = ${sql.lit(PENDING_LIST_KB)});
    exception when feature_not_supported or undefined_file or insufficient_privilege
      or undefined_object then null;
    end $$
  `.execute(db);
}

/** The orders that burns change are walked on the tokens themselves, by their indexes alone. */
async function coverTokens(db: Kysely<unknown>): Promise<void> {
  await sql`drop index tokens_supply`.execute(db);
  for (const order of ["supply", "burned"]) {
    await sql`
      create index ${sql.id(`tokens_${order}`)} on tokens
        (tenant_id, ${sql.id(`total_${order}`)} desc, address) include (search_text)
    `.execute(db);
  }
}

/**
 * LIKE is not leakproof: under a policy it is asked after the tenant, of every row. The searcher asks
 * it of the index, and may read that copy alone.
 */
async function createSearcher(db: Kysely<unknown>): Promise<void> {
  await createSystemRole(db, "orrery_searcher");
  await enableTenantIsolation(db, "token_search", ["select", "insert"]);
  await grantAcrossTenants(db, {
    table: "token_search",
    role: "orrery_searcher",
    privileges: "select",
  });
  await sql`grant orrery_searcher to orrery_catalog`.execute(db);
}
