import { type Bench, type BenchContext, type Outcome, sized } from "../harness/bench.ts";
import { playRounds } from "../harness/rounds.ts";
import { type LoadPlan, meanLatencyMs } from "../load/load-plan.ts";
import { sendLoad } from "../load/send-load.ts";
import { startAcceptingBilling } from "../world/accepting-billing.ts";
import { TENANT_ID } from "../world/billing-call.ts";
import { checkpoint, runSql, startBenchPostgres } from "../world/postgres.ts";

const CONNECTIONS = 8;
const USERS = 100;
const ROWS_AT_ONCE = 500_000;

export const history: Bench = {
  name: "history",
  about: "latency of accepting with 10 million settled events in the table, against an empty one",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const rows = sized(context, 10_000_000, 100_000);
  const seconds = sized(context, 10, 2);
  const postgres = await startBenchPostgres(context);
  const fullUrl = await postgres.createDatabase("with_history");
  const emptyUrl = await postgres.createDatabase("without_history");
  await fill(context, fullUrl, rows);
  const full = await startAcceptingBilling(context, fullUrl, USERS);
  const empty = await startAcceptingBilling(context, emptyUrl, USERS);
  let generator = "";
  const latency = async ({ billing }: typeof full, idPrefix: string) => {
    const plan: LoadPlan = {
      url: billing.url,
      contextKeys: billing.contextKeys,
      connections: CONNECTIONS,
      ends: { afterMs: seconds * 1_000 },
      idPrefix,
      users: USERS,
    };
    const result = await sendLoad(plan);
    generator = result.generator;
    return meanLatencyMs(plan, result);
  };
  const [runs = [], rivalRuns = []] = await playRounds(
    context,
    [
      { name: "with history, ms", play: (round) => latency(full, `full-${round}`) },
      { name: "without, ms", play: (round) => latency(empty, `empty-${round}`) },
    ],
    () => checkpoint(fullUrl),
  );
  const rival = { name: "empty table", runs: rivalRuns };
  return {
    figures: [{ id: "latency", label: "mean latency of accepting", unit: "ms", runs, rival }],
    facts: [],
    notes: { rows, settlement: full.settlement, generator, connections: CONNECTIONS, seconds },
  };
}

/** Confirmed events of the past months, of the same tenant and users as the load. */
async function fill({ say }: BenchContext, url: string, rows: number): Promise<void> {
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    const last = Math.min(rows, first + ROWS_AT_ONCE) - 1;
    await runSql(url, FILL, [TENANT_ID, first, last, USERS]);
    say(`history    ${(last + 1).toLocaleString("en-US")} rows`);
  }
  await runSql(url, "vacuum analyze usage_events");
}

const FILL = `
  insert into usage_events (
    tenant_id, request_id, id, fingerprint, user_id, api_id, endpoint_id, api_key_id, amount_usdc,
    status, stellar_tx_hash, ledger, created_at, settled_at
  )
  select $1, 'past-' || n, uuidv7(), decode(md5(n::text) || md5('x' || n), 'hex'), 'user-' || n % $4,
    'metered', 'endpoint-1', 'key-1', 0.0001, 'confirmed', md5(n::text) || md5('t' || n), n / 100,
    made_at, made_at + interval '5 seconds'
  from generate_series($2::int, $3::int) as n,
  lateral (select now() - interval '90 days' + n * interval '0.7 seconds' as made_at) as times
`;
