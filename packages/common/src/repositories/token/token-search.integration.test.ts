import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { withRole } from "../system-role.ts";
import { NOW_MS } from "./catalog-fixtures.contract.ts";
import { KyselyTokenRepository } from "./token-repository.kysely.ts";
import { TOKEN_SORTS, type TokenSearch } from "./token-repository.ts";

const test = useTestDatabase();

/** More tokens than are looked at first, and more old ones than are sorted one by one. */
const BOUNDS = { probed: 20, lookedAt: 100, sorted: 50, lookedUp: 5, counted: 100 };
const TOKENS = 160;
const OLD_TOKENS = 55;

/**
 * Tokens of which all are called common, the oldest third is called former too, and a few have a name
 * that is not soon found in any order. Another tenant has the same.
 */
async function fill(): Promise<void> {
  await sql`
    insert into tokens (
      tenant_id, address, id, name, symbol, search_text, decimals, total_supply, total_burned,
      burn_count, listed, created_at
    )
    select tenant_id, 'C' || md5(n::text), gen_random_uuid(), name, symbol,
      lower(name) || E'\n' || lower(symbol), 7, n % 50, n % 7, n % 3, true, at - n * interval '1 second'
    from generate_series(1, ${TOKENS}::int) as n,
    lateral (values ('acme', ''), ('rival', ' of the rival')) as owners (tenant_id, mark),
    lateral (select
      'Common' || case when n > ${TOKENS - OLD_TOKENS}::int then ' former' else '' end
        || case when n % 20 = 19 then ' Rarissimum 100% é§' else '' end || mark as name,
      'S' || n % 10 as symbol,
      ${new Date(NOW_MS)}::timestamptz as at
    ) as made
  `.execute(test.database().kysely);
  await sql`analyze tokens, token_search`.execute(test.database().kysely);
}

/** What a plain reading of the tokens, row by row, finds. */
async function searchPlainly(search: TokenSearch): Promise<{ addresses: string[]; total: number }> {
  const { text = "", sortBy, sortOrder, offset, limit, hasBurns, minSupply, createdTo } = search;
  const column = {
    created: "created_at",
    burned: "total_burned",
    supply: "total_supply",
    name: "name",
  }[sortBy];
  const ties = (sortBy === "name") === (sortOrder === "asc") ? "asc" : "desc";
  const { rows } = await sql<{ address: string }>`
    select address from tokens where tenant_id = 'acme' and position(${text} in search_text) > 0
      and (burn_count > 0) = coalesce(${hasBurns ?? null}::boolean, burn_count > 0)
      and total_supply >= ${minSupply ?? 0n}
      and created_at <= coalesce(${createdTo ?? null}::timestamptz, 'infinity')
    order by ${sql.ref(column)} ${sql.raw(sortOrder)}, address ${sql.raw(ties)}
  `.execute(test.database().kysely);
  const addresses = rows.map(({ address }) => address);
  return { addresses: addresses.slice(offset, offset + limit), total: addresses.length };
}

const TEXTS = ["common", "former", "rarissimum", "100%", "%", "é§", "s7", "9", "no such token"];
const FILTERS: readonly Partial<TokenSearch>[] = [
  {},
  { hasBurns: true, minSupply: 40n },
  { createdTo: new Date(NOW_MS - 120_000) },
];

describe("searching more tokens than are looked at one by one", () => {
  beforeAll(fill);

  const search = (repository: KyselyTokenRepository, fields: Partial<TokenSearch>) =>
    repository.search("acme", {
      sortBy: "created",
      sortOrder: "desc",
      offset: 0,
      limit: 7,
      ...fields,
    });

  const expectAsPlainly = async (repository: KyselyTokenRepository, wanted: TokenSearch) => {
    const found = await search(repository, wanted);
    const plain = await searchPlainly(wanted);
    const what = JSON.stringify(wanted, (_key, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    const { offset, limit } = wanted;
    expect(
      found.tokens.map(({ address }) => address),
      what,
    ).toEqual(plain.addresses);
    expect(found.hasNext, what).toBe(plain.total > offset + limit);
    if (found.isTotalExact) expect(found.total, what).toBe(plain.total);
    else {
      expect(found.total, what).toBeLessThanOrEqual(plain.total);
      expect(found.total, what).toBeGreaterThan(offset + limit);
    }
  };

  const expectAllAsPlainly = async () => {
    const repository = new KyselyTokenRepository(test.login("catalog").kysely, BOUNDS);
    let turn = 0;
    for (const sortBy of TOKEN_SORTS) {
      for (const sortOrder of ["asc", "desc"] as const) {
        for (const text of TEXTS) {
          turn += 1;
          const order = { sortBy, sortOrder, offset: [0, 3, 60][turn % 3] ?? 0, limit: 7 };
          await expectAsPlainly(repository, { text, ...order, ...FILTERS[turn % FILTERS.length] });
        }
        const page = { sortBy, sortOrder, offset: turn % 4, limit: 7 };
        await expectAsPlainly(repository, { ...page, ...FILTERS[turn % FILTERS.length] });
      }
    }
  };

  it("finds what a plain reading finds, in every order, with every filter", async () => {
    await expectAllAsPlainly();
  });

  it("counts what an index finds as far as it goes, and says so where it did not count", async () => {
    const repository = new KyselyTokenRepository(test.login("catalog").kysely, BOUNDS);
    for (const [text, total, isTotalExact] of [
      ["rarissimum", 8, true],
      ["§", 8, true],
      ["former", BOUNDS.sorted, false],
      ["common", BOUNDS.lookedAt, false],
    ] as const) {
      expect(await search(repository, { text }), text).toMatchObject({ total, isTotalExact });
    }
    expect(await search(repository, {})).toMatchObject({ total: TOKENS, isTotalExact: true });
    const walked = await search(repository, { text: "former", maxSupply: 49n });
    expect(walked).toMatchObject({ total: OLD_TOKENS, isTotalExact: true });
    const filtered = await search(repository, { minSupply: 1n });
    expect(filtered).toMatchObject({ total: BOUNDS.counted, isTotalExact: false });
  });

  it("lets the searcher read the copy that is searched, and nothing else", async () => {
    const { kysely } = test.login("catalog");
    for (const statement of ["select address from tokens", "delete from token_search"]) {
      const reading = withRole(kysely, "orrery_searcher", (transaction) =>
        sql.raw(statement).execute(transaction),
      );
      await expect(reading, statement).rejects.toThrow("permission denied");
    }
  });

  it("can be asked of the index by the searcher alone: for a tenant the policy comes first", async () => {
    const transaction = await test.database().kysely.startTransaction().execute();
    // So few rows are soonest read all; what matters is whether the index may be asked.
    await sql`drop index token_search_newest, token_search_name`.execute(transaction);
    await sql`set local enable_seqscan = off`.execute(transaction);
    const planAs = async (role: string) => {
      await sql`select set_config('role', ${role}, true)`.execute(transaction);
      const { rows } = await sql<{ "QUERY PLAN": string }>`
        explain select address from token_search
        where tenant_id = 'acme' and search_text like '%rarissimum%'
      `.execute(transaction);
      return rows.map((row) => row["QUERY PLAN"]).join("\n");
    };
    const plans = [await planAs("orrery_request"), await planAs("orrery_searcher")];
    await transaction.rollback().execute();
    expect(plans[0]).not.toContain("token_search_trigrams");
    expect(plans[1]).toContain("Bitmap Index Scan on token_search_trigrams");
  });

  it("finds the same where there are no trigrams", async () => {
    await sql`drop index token_search_trigrams`.execute(test.database().kysely);
    await expectAllAsPlainly();
  });
});
