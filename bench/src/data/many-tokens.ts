import type { BenchContext } from "../harness/bench.ts";
import { runSql } from "../world/postgres.ts";

const TOKENS_AT_ONCE = 100_000;

/** Two made-up words of 5,000, the first ones often; to some a word that many have, and a number. */
export async function fillTokens(
  { say }: Pick<BenchContext, "say">,
  databaseUrl: string,
  tenantId: string,
  tokens: number,
): Promise<void> {
  await runSql(databaseUrl, CREATE_WORDS);
  for (let first = 0; first < tokens; first += TOKENS_AT_ONCE) {
    const last = Math.min(tokens, first + TOKENS_AT_ONCE) - 1;
    await runSql(databaseUrl, FILL, [tenantId, first, last]);
    say(`tokens     ${(last + 1).toLocaleString("en-US")}`);
  }
  await runSql(databaseUrl, "drop table bench_words");
  await runSql(databaseUrl, "vacuum (analyze) tokens");
  await runSql(databaseUrl, "vacuum (analyze) token_search");
}

const CREATE_WORDS = `
  create table bench_words as
  select word, string_agg(
    substr('bcdfghjklmnprstvwz', 1 + (hashint4(word * 31 + place) & 1023) % 18, 1)
      || substr('aeiou', 1 + (hashint4(word * 17 + place * 7) & 1023) % 5, 1), '' order by place
  ) as letters
  from generate_series(0, 4999) as word, generate_series(1, 2 + word % 3) as place group by word
`;

const FILL = `
  insert into tokens (
    tenant_id, address, id, name, symbol, search_text, decimals, total_supply, total_burned,
    burn_count, listed, created_at
  )
  select $1, 'C' || upper(md5(n::text) || left(md5('x' || n), 23)), gen_random_uuid(), name, symbol,
    lower(name) || E'\\n' || lower(symbol), 7, 1000000::bigint * (1 + (hashint4(n) & 65535)),
    case when n % 10 = 0 then hashint4(n) & 65535 else 0 end, case when n % 10 = 0 then 1 else 0 end,
    true, now() - interval '90 days' + n * interval '7 seconds'
  from generate_series($2::int, $3::int) as n,
  lateral (select
    floor(5000 * power((hashint4(n * 3 + 1) & 65535) / 65536.0, 3))::int as one,
    floor(5000 * power((hashint4(n * 5 + 2) & 65535) / 65536.0, 3))::int as other,
    hashint4(n * 7 + 3) & 65535 as chance
  ) as drawn
  join bench_words as first_word on first_word.word = one
  join bench_words as second_word on second_word.word = other,
  lateral (select
    initcap(first_word.letters) || ' ' || initcap(second_word.letters)
      || (array[' Token', ' Token', ' Coin', ' Inu', '', '', '', '', '', ''])[1 + chance % 10]
      || case when chance % 7 = 0 then ' ' || chance % 1000 else '' end as name,
    upper(left(first_word.letters, 2) || left(second_word.letters, 2)) as symbol
  ) as named
`;
