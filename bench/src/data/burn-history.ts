import pg from "pg";
import type { BenchContext } from "../harness/bench.ts";
import { TENANT_ID } from "../world/billing-call.ts";
import { withoutIndexes } from "./without-indexes.ts";

interface BurnHistory {
  readonly burns: number;
  readonly tokens: number;
  readonly burners: number;
}

const ROWS_AT_ONCE = 500_000;
/** Half as long again as the longest window: a third of the burns counts in `all` alone. */
const DAYS = 45;
const TABLES = ["token_burns", "burn_windows", "burner_windows"];

/**
 * Tokens of one tenant and their burns of the past 45 days, as they would stand if each had been
 * recorded when it happened: windows, last burns, scores and supplies are counted from the burns.
 */
export async function fillBurnHistory(
  { say }: Pick<BenchContext, "say">,
  databaseUrl: string,
  { burns, tokens, burners }: BurnHistory,
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("set synchronous_commit = off");
    await client.query("set maintenance_work_mem = '512MB'");
    await client.query("set work_mem = '256MB'");
    await client.query(FILL_TOKENS, [TENANT_ID, tokens]);
    const now = new Date().toISOString();
    await withoutIndexes(client, TABLES, async () => {
      for (let first = 0; first < burns; first += ROWS_AT_ONCE) {
        const last = Math.min(burns, first + ROWS_AT_ONCE) - 1;
        const values = [TENANT_ID, first, last, burns, tokens, burners, now];
        await client.query(FILL_BURNS, values);
        say(`burns      ${(last + 1).toLocaleString("en-US")}`);
      }
      await client.query(FILL_BURN_WINDOWS, [now]);
      await client.query(FILL_BURNER_WINDOWS, [now]);
    });
    say("burns      windows and indexes are made");
    await client.query(FILL_SCORES, [now]);
    await client.query(COUNT_BURNS_IN_TOKENS);
    for (const table of ["tokens", "token_scores", ...TABLES]) {
      await client.query(`vacuum (analyze) ${table}`);
    }
  } finally {
    await client.end();
  }
  say("burns      scores are made");
}

const FILL_TOKENS = `
  insert into tokens (
    tenant_id, address, id, name, symbol, search_text, decimals, total_supply, listed, created_at
  )
  select $1, 'token-' || n, gen_random_uuid(), 'Token ' || n, 'T' || n, 'token ' || n || E'\\nt' || n,
    7, 10000000000 + (hashint4(n) & 1048575), true, now() - interval '90 days' + n * interval '1 second'
  from generate_series(0, $2::int - 1) as n
`;

/** Some tokens are burned more often than others; a burner burns anything. */
const FILL_BURNS = `
  insert into token_burns (
    tenant_id, token_address, tx_hash, event_index, id, from_address, amount, burned_by,
    is_admin_burn, verified, burned_at, created_at
  )
  select $1, 'token-' || floor($5::int * power((hashint4(n) & 2147483647) / 2147483648.0, 1.5))::int,
    md5(n::text) || md5('x' || n), 0, gen_random_uuid(), burner, 1 + (hashint4(n * 3 + 1) & 1023),
    burner, false, true, burned_at, burned_at
  from generate_series($2::int, $3::int) as n,
  lateral (select
    'burner-' || (hashint4(n * 7 + 5) & 2147483647) % $6::int as burner,
    date_trunc('milliseconds', $7::timestamptz - interval '${DAYS} days' * (n + 0.5) / $4::int)
      as burned_at
  ) as drawn
`;

/** The stage of something at \`at\` when it is $1, as the product says. */
const stageOf = (at: string) => `
  case when ${at} >= $1::timestamptz - interval '24 hours' then 1
       when ${at} >= $1::timestamptz - interval '168 hours' then 2
       when ${at} >= $1::timestamptz - interval '720 hours' then 3
       else 4 end`;

/** The first moment at which what is at a stage leaves it. */
const dueOf = (at: string) => `
  case stage when 1 then ${at} + interval '24 hours 0.000001 seconds'
             when 2 then ${at} + interval '168 hours 0.000001 seconds'
             when 3 then ${at} + interval '720 hours 0.000001 seconds'
             else 'infinity' end`;

const FILL_BURN_WINDOWS = `
  insert into burn_windows (
    tenant_id, token_address, tx_hash, event_index, burned_by, amount, listed, burned_at, stage, due_at
  )
  select tenant_id, token_address, tx_hash, event_index, burned_by, amount, true, burned_at, stage,
    ${dueOf("burned_at")}
  from token_burns, lateral (select ${stageOf("burned_at")} as stage) as stages
  where stage < 4
`;

const FILL_BURNER_WINDOWS = `
  insert into burner_windows (tenant_id, token_address, burned_by, last_burned_at, stage, due_at)
  select tenant_id, token_address, burned_by, last_burned_at, stage, ${dueOf("last_burned_at")}
  from (
    select tenant_id, token_address, burned_by, max(burned_at) as last_burned_at
    from token_burns group by 1, 2, 3
  ) as last_burns, lateral (select ${stageOf("last_burned_at")} as stage) as stages
`;

const FILL_SCORES = `
  with windows (period, last_stage) as (values ('24h', 1), ('7d', 2), ('30d', 3), ('all', 4)),
  burned as (
    select tenant_id, token_address, stage, sum(amount) as amount, count(*) as burn_count
    from token_burns, lateral (select ${stageOf("burned_at")} as stage) as stages
    group by 1, 2, 3
  ),
  burners as (
    select tenant_id, token_address, stage, count(*) as burner_count
    from burner_windows group by 1, 2, 3
  ),
  parts as (
    select tenant_id, token_address, stage, amount, burn_count, 0 as burner_count from burned
    union all
    select tenant_id, token_address, stage, 0, 0, burner_count from burners
  )
  insert into token_scores
    (tenant_id, period, token_address, listed, amount, burn_count, burner_count)
  select tenant_id, period, token_address, true, sum(amount), sum(burn_count), sum(burner_count)
  from parts join windows on stage <= last_stage
  group by 1, 2, 3
`;

const COUNT_BURNS_IN_TOKENS = `
  update tokens set total_supply = total_supply - amount, total_burned = amount, burn_count = count
  from (
    select tenant_id, token_address, sum(amount) as amount, count(*) as count
    from token_burns group by 1, 2
  ) as burned
  where (tokens.tenant_id, tokens.address) = (burned.tenant_id, burned.token_address)
`;
