import { openDatabase } from "@orrery/common/repositories/database";
import type { TokenSearch } from "@orrery/common/repositories/token/token-repository";
import { KyselyTokenRepository } from "@orrery/common/repositories/token/token-repository.kysely";
import { fillTokens } from "../data/many-tokens.ts";
import { type Bench, type BenchContext, type Outcome, sized } from "../harness/bench.ts";
import { playRounds } from "../harness/rounds.ts";
import { quantile } from "../statistics/statistics.ts";
import { runSql, startBenchPostgres } from "../world/postgres.ts";

const TENANT_ID = "bench";
const PLAIN_SAMPLES = 20;
const FACT_SAMPLES = 20;

export const search: Bench = {
  name: "search",
  about:
    "searching the texts of one tenant's million tokens, no cache; against the same as one query",
  run,
};

type TextSearch = TokenSearch & { readonly text: string };

async function run(context: BenchContext): Promise<Outcome> {
  const tokens = sized(context, 1_000_000, 20_000);
  const samples = sized(context, 500, 50);
  const postgres = await startBenchPostgres(context);
  const url = await postgres.createDatabase("catalog");
  await fillTokens(context, url, TENANT_ID, tokens);
  const database = openDatabase({ url, poolSize: 2, applicationName: "bench" });
  context.cleanup.defer(() => database.close());
  const repository = new KyselyTokenRepository(database.kysely);
  const random = seeded(7);
  const texts = await drawTexts(url, random, (context.rounds + 1) * samples);
  const searches = texts.map((text) => searchFor(text, random));

  const medians: number[] = [];
  const [runs = [], rivalRuns = []] = await playRounds(context, [
    {
      name: "p99, ms",
      play: async (round) => {
        const wanted = searches.slice(round * samples, (round + 1) * samples);
        const times = await timeEach(wanted, (one) => repository.search(TENANT_ID, one));
        if (round > 0) medians.push(quantile(times, 0.5));
        return quantile(times, 0.99);
      },
    },
    {
      name: "one query, p99, ms",
      play: async (round) => {
        const wanted = searches.slice(round * samples, round * samples + PLAIN_SAMPLES);
        return quantile(await timeEach(wanted, (one) => searchPlainly(url, one)), 0.99);
      },
    },
  ]);
  const rival = { name: "one query under row-level security", runs: rivalRuns };
  return {
    figures: [
      { id: "p99", label: "search by text, p99", unit: "ms", runs, rival },
      { id: "p50", label: "search by text, p50", unit: "ms", runs: medians },
    ],
    facts: [await areTotalsRight(url, repository, searches.slice(0, FACT_SAMPLES))],
    notes: { tokens, samples },
  };
}

/** What a search was before it had an index: one query for the page, as the tenant's own role. */
async function searchPlainly(url: string, { text, limit }: TextSearch): Promise<void> {
  await runSql(
    url,
    `begin; set local role orrery_request; set local orrery.tenants = '${TENANT_ID}';
     select * from tokens where tenant_id = '${TENANT_ID}' and search_text like '%${text}%'
     order by created_at desc, address limit ${limit};
     select count(*) from tokens where tenant_id = '${TENANT_ID}' and search_text like '%${text}%';
     commit`,
  );
}

async function areTotalsRight(
  url: string,
  repository: KyselyTokenRepository,
  searches: readonly TextSearch[],
) {
  let wrong = 0;
  for (const wanted of searches) {
    const { total, isTotalExact } = await repository.search(TENANT_ID, wanted);
    const [counted] = await runSql<{ count: string }>(
      url,
      "select count(*) from tokens where position($1 in search_text) > 0",
      [wanted.text],
    );
    const real = Number(counted?.count);
    if (isTotalExact ? total !== real : total > real) wrong += 1;
  }
  const what = "totals are those of a plain count, or at most those where they say so";
  return { what, isHeld: wrong === 0, detail: `${wrong} of ${searches.length} wrong` };
}

async function timeEach<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>) {
  const times: number[] = [];
  for (const item of items) {
    const startMs = performance.now();
    await work(item);
    times.push(performance.now() - startMs);
  }
  return times;
}

/** Most of them a piece of some token's text; every fifth is made up, and most such are nowhere. */
async function drawTexts(url: string, random: () => number, count: number): Promise<string[]> {
  const rows = await runSql<{ search_text: string }>(
    url,
    "select search_text from token_search order by md5(address) limit $1",
    [count],
  );
  return rows.map(({ search_text: text }, index) => {
    const letters = (from: string, length: number) =>
      Array.from({ length }, () => from[Math.floor(random() * from.length)]).join("");
    if (index % 5 === 0) return letters("abcdefghijklmnopqrstuvwxyz0123456789", 1 + (index % 6));
    const [name = ""] = text.split("\n");
    const length = 2 + Math.floor(random() * 8);
    const start = Math.floor(random() * Math.max(1, name.length - length));
    return name.slice(start, start + length).trim();
  });
}

/** Three in four in the default order, the others in each of the rest. */
function searchFor(text: string, random: () => number): TextSearch {
  const order = { sortBy: "created", sortOrder: "desc" } as const;
  const others = [
    { sortBy: "supply", sortOrder: "desc" },
    { sortBy: "burned", sortOrder: "desc" },
    { sortBy: "name", sortOrder: "asc" },
  ] as const;
  const chosen = random() < 0.75 ? order : (others[Math.floor(random() * 3)] ?? order);
  return { text, ...chosen, offset: 0, limit: 20 };
}

/** The same numbers in [0, 1) on every run. @see https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
