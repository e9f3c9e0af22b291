import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBenchCatalog } from "../../catalog-runs/catalog.ts";
import { postCatalog, tokenBody } from "../../catalog-runs/catalog-call.ts";
import {
  type Bench,
  type BenchContext,
  type Fact,
  type Outcome,
  sized,
} from "../../harness/bench.ts";
import { playRounds } from "../../harness/rounds.ts";
import { HOT_TOKEN, type LoadPlan, OTHER_TOKENS, perSecond } from "../../load/load-plan.ts";
import { sendLoad } from "../../load/send-load.ts";
import { TENANT_ID } from "../../world/billing-call.ts";
import { burnInsert, createPgbench } from "../../world/pgbench.ts";
import { checkpoint, runSql, serviceUrl, startBenchPostgres } from "../../world/postgres.ts";

/** As many as pgbench has clients. */
const CONNECTIONS = 32;
const USERS = 100;
const TOKENS_AT_ONCE = 20;

export const burns: Bench = {
  name: "burns",
  about:
    "burns recorded over HTTP, half of them of one token, against pgbench's single-row inserts",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const seconds = sized(context, 10, 2);
  const folder = await mkdtemp(join(tmpdir(), "orrery-bench-"));
  context.cleanup.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startBenchPostgres(context);
  const databaseUrl = await postgres.createDatabase("burns");
  const catalog = await startBenchCatalog(context, serviceUrl(databaseUrl, "catalog"), {
    NODE_ENV: "production",
  });
  const addresses = [HOT_TOKEN, ...Array.from({ length: OTHER_TOKENS }, (_, n) => `token-${n}`)];
  for (let at = 0; at < addresses.length; at += TOKENS_AT_ONCE) {
    const some = addresses.slice(at, at + TOKENS_AT_ONCE);
    await Promise.all(some.map((address) => postCatalog(catalog, "/tokens", tokenBody(address))));
  }
  const insert = burnInsert(TENANT_ID, HOT_TOKEN, OTHER_TOKENS);
  const pgbench = await createPgbench(databaseUrl, folder, insert);
  let generator = "";
  let answered = 0;
  const ours = async (round: number) => {
    const plan: LoadPlan = {
      url: catalog.url,
      contextKeys: catalog.contextKeys,
      connections: CONNECTIONS,
      ends: { afterMs: seconds * 1_000 },
      idPrefix: `burn-${round}`,
      users: USERS,
      calls: "burns",
    };
    const result = await sendLoad(plan);
    generator = result.generator;
    answered += result.answered;
    return perSecond(result);
  };
  const [runs = [], rivalRuns = []] = await playRounds(
    context,
    [
      { name: "burns recorded, /s", play: ours },
      { name: "pgbench, rows/s", play: (round) => pgbench.play(`burns-${round}`, seconds) },
    ],
    () => checkpoint(databaseUrl),
  );
  const rival = { name: "pgbench", runs: rivalRuns };
  return {
    figures: [{ id: "recorded", label: "burns recorded", unit: "/s", runs, rival }],
    facts: await countsAgree(databaseUrl, answered),
    notes: { generator, connections: CONNECTIONS, seconds, pgbench: pgbench.version },
  };
}

/** What was answered is there, and every token has what its own burns say. */
async function countsAgree(databaseUrl: string, answered: number): Promise<Fact[]> {
  const [counts] = await runSql<{ recorded: number; hot: number; wrong: number }>(
    databaseUrl,
    `select sum(count)::int as recorded, sum(count) filter (where address = $1)::int as hot,
       count(*) filter (where count <> burn_count or amount <> total_burned)::int as wrong
     from (
       select address, burn_count, total_burned, count(tx_hash), coalesce(sum(amount), 0) as amount
       from tokens left join token_burns as burn
         on (burn.tenant_id, burn.token_address) = (tokens.tenant_id, tokens.address)
           and tx_hash not like 'pgbench-%'
       group by tokens.tenant_id, address
     ) as counted`,
    [HOT_TOKEN],
  );
  const { recorded = 0, hot = 0, wrong = -1 } = counts ?? {};
  return [
    {
      what: "every burn that was answered is recorded, and counted by its token",
      // What was under way when the time was over was recorded and not counted by the load.
      isHeld: recorded >= answered && recorded <= answered + CONNECTIONS * 100 && wrong === 0,
      detail: `${answered} answered, ${recorded} recorded, ${wrong} tokens wrong`,
    },
    {
      what: "the hottest token took half of the traffic",
      isHeld: Math.abs(hot / recorded - 0.5) < 0.01,
      detail: `${hot} of ${recorded}`,
    },
  ];
}
