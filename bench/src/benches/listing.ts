import { openDatabase } from "@orrery/common/repositories/database";
import type { StreamPageRequest } from "@orrery/common/repositories/stream/stream-repository";
import { KyselyStreamRepository } from "@orrery/common/repositories/stream/stream-repository.kysely";
import { type Bench, type BenchContext, type Outcome, sized } from "../harness/bench.ts";
import { type Contender, playRounds } from "../harness/rounds.ts";
import { quantile } from "../statistics/statistics.ts";
import { TENANT_ID } from "../world/billing-call.ts";
import { runSql, startBenchPostgres } from "../world/postgres.ts";

const ROWS_AT_ONCE = 500_000;
const STREAMS = 1_000;
const PAGE = 20;
/** Every second event; its page 10,000 lies twice as deep. */
const TYPE = "stream.started";

export const listing: Bench = {
  name: "listing",
  about: "page 10,000 of 10 million activity events, against page 1, on one connection",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const rows = sized(context, 10_000_000, 200_000);
  const pageNumber = sized(context, 10_000, 4_000);
  const calls = sized(context, 2_000, 200);
  const postgres = await startBenchPostgres(context);
  const url = await postgres.createDatabase("listing");
  await fill(context, url, rows);
  const database = openDatabase({ url, poolSize: 1, applicationName: "bench" });
  context.cleanup.defer(() => database.close());
  const streams = new KyselyStreamRepository({ database: database.kysely });
  const contender = (name: string, filter: Filter, after: After): Contender => ({
    name,
    play: () =>
      p99Of(calls, async () => {
        const { events } = await streams.listActivity(TENANT_ID, filter, { limit: PAGE, ...after });
        if (events.length !== PAGE) throw new Error(`${name}: ${events.length} events`);
      }),
  });
  const deep = await positionBefore(url, pageNumber, undefined);
  const deepOfType = await positionBefore(url, pageNumber, TYPE);
  const [deepMs = [], firstMs = [], deepTypeMs = [], firstTypeMs = []] = await playRounds(context, [
    contender(`page ${pageNumber}, p99 ms`, {}, deep),
    contender("page 1, p99 ms", {}, {}),
    contender(`page ${pageNumber} of a type, p99 ms`, { type: TYPE }, deepOfType),
    contender("page 1 of a type, p99 ms", { type: TYPE }, {}),
  ]);
  return {
    figures: [
      { id: "p99", label: `page ${pageNumber}, p99`, unit: "ms", runs: deepMs },
      figure("depth", "a deep page, p99", deepMs, firstMs),
      figure("depth-of-type", "a deep page of a type, p99", deepTypeMs, firstTypeMs),
    ],
    facts: [],
    notes: { rows, pageNumber, pageSize: PAGE, calls, connections: 1 },
  };
}

type Filter = { readonly type?: typeof TYPE };
type After = Pick<StreamPageRequest, "after">;

function figure(id: string, label: string, runs: readonly number[], rivalRuns: readonly number[]) {
  return { id, label, unit: "ms", runs, rival: { name: "page 1", runs: rivalRuns } };
}

async function p99Of(calls: number, call: () => Promise<void>): Promise<number> {
  const tookMs: number[] = [];
  for (let count = 0; count < calls; count += 1) {
    const beganAt = performance.now();
    await call();
    tookMs.push(performance.now() - beganAt);
  }
  return quantile(tookMs, 0.99);
}

/** Where a page begins, as the cursor of the page before it says. */
async function positionBefore(
  url: string,
  pageNumber: number,
  type: typeof TYPE | undefined,
): Promise<After> {
  const [last] = await runSql<{ happened_at: Date; id: string }>(
    url,
    `select happened_at, id from activity_events
     where tenant_id = $1 and ($2::text is null or type = $2)
     order by happened_at desc, id desc offset $3 limit 1`,
    [TENANT_ID, type ?? null, (pageNumber - 1) * PAGE - 1],
  );
  if (last === undefined) throw new Error(`there is no page ${pageNumber}`);
  return { after: { at: last.happened_at, id: last.id } };
}

/** What happened to a thousand streams of one tenant in the past months. */
async function fill({ say }: BenchContext, url: string, rows: number): Promise<void> {
  for (let first = 0; first < rows; first += ROWS_AT_ONCE) {
    const last = Math.min(rows, first + ROWS_AT_ONCE) - 1;
    await runSql(url, FILL, [TENANT_ID, first, last, STREAMS]);
    say(`listing    ${(last + 1).toLocaleString("en-US")} rows`);
  }
  await runSql(url, "vacuum analyze activity_events");
}

const FILL = `
  insert into activity_events (tenant_id, happened_at, id, stream_id, type, details)
  select $1, now() - interval '90 days' + n * interval '0.7 seconds', uuidv7(),
    'stream-' || n % $4, case n % 2 when 0 then '${TYPE}' else 'stream.paused' end,
    '{"accruedUsdc": "0.0000021"}'
  from generate_series($2::int, $3::int) as n
`;
