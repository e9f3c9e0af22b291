import { setTimeout as delay } from "node:timers/promises";
import { type BenchCatalog, startBenchCatalog } from "../../catalog-runs/catalog.ts";
import {
  type CatalogAnswer,
  callCatalog,
  postCatalog,
  tokenBody,
} from "../../catalog-runs/catalog-call.ts";
import { startBenchRedis } from "../../catalog-runs/redis.ts";
import {
  type Bench,
  type BenchContext,
  type Fact,
  type Outcome,
  sized,
} from "../../harness/bench.ts";
import { playRounds } from "../../harness/rounds.ts";
import { quantile } from "../../statistics/statistics.ts";
import { type BenchPostgres, serviceUrl, startBenchPostgres } from "../../world/postgres.ts";

const TOKEN = "watched";
const BOARD = "/api/v1/leaderboard/most-burned?scope=tenant&period=all";
/** Between two looks of the reader. */
const LOOK_MS = 1;
/** Writes come at any moment between two looks of the instances at the generations, 500 ms apart. */
const MAX_PAUSE_MS = 500;
const GIVE_UP_MS = 10_000;

export const visibility: Bench = {
  name: "visibility",
  about: "from a write's answer until another instance shows it, with Redis and without",
  run,
};

async function run(context: BenchContext): Promise<Outcome> {
  const samples = sized(context, 100, 5);
  const postgres = await startBenchPostgres(context);
  const redis = await startBenchRedis(context);
  const withRedis = await startPair(context, postgres, "with_redis", { REDIS_URL: redis.url });
  const without = await startPair(context, postgres, "without_redis", {});
  const [runs = [], runsWithout = []] = await playRounds(context, [
    { name: "with Redis, p99 ms", play: () => withRedis.measure(samples) },
    { name: "without, p99 ms", play: () => without.measure(samples) },
  ]);
  return {
    figures: [
      { id: "with-redis", label: "write seen elsewhere, p99", unit: "ms", runs },
      { id: "without", label: "the same without Redis, p99", unit: "ms", runs: runsWithout },
    ],
    facts: [withRedis.fact("with Redis"), without.fact("without Redis")],
    notes: { samples, instances: 2 },
  };
}

/** Two instances over one database: one takes the writes, the other has the board cached. */
async function startPair(
  context: BenchContext,
  postgres: BenchPostgres,
  name: string,
  changes: Readonly<Record<string, string>>,
) {
  const url = serviceUrl(await postgres.createDatabase(name), "catalog");
  const all = { NODE_ENV: "production", ...changes };
  const writer = await startBenchCatalog(context, url, all);
  const reader = await startBenchCatalog(context, url, all);
  await postCatalog(writer, "/tokens", tokenBody(TOKEN));
  let burned = 0;
  let cached = 0;
  let seen = 0;
  const measure = async (samples: number) => {
    const tookMs: number[] = [];
    for (let sample = 0; sample < samples; sample += 1) {
      await untilShown(reader, burned, ({ cache }) => cache === "hit");
      cached += 1;
      await delay(Math.random() * MAX_PAUSE_MS);
      burned += 1;
      const burn = { txHash: `tx-${burned}`, from: "ada", amount: "1", burnedBy: "ada" };
      await postCatalog(writer, `/tokens/${TOKEN}/burns`, burn);
      tookMs.push(await untilShown(reader, burned));
      seen += 1;
    }
    return quantile(tookMs, 0.99);
  };
  const fact = (mode: string): Fact => ({
    what: `${mode}: every write was seen by an instance that had the older board cached`,
    isHeld: seen === burned && cached === burned && burned > 0,
    detail: `${seen} of ${burned}`,
  });
  return { measure, fact };
}

/** Milliseconds until a read is asked that shows so much burned. @throws {Error} after ten seconds */
async function untilShown(
  reader: BenchCatalog,
  burned: number,
  isEnough: (answer: CatalogAnswer) => boolean = () => true,
): Promise<number> {
  const startMs = performance.now();
  for (;;) {
    const tookMs = performance.now() - startMs;
    const answer = await callCatalog(reader, "GET", BOARD);
    if (answer.status !== 200) throw new Error(`the board answered ${answer.text}`);
    const { data } = JSON.parse(answer.text) as { data: { metric: string }[] };
    if (Number(data[0]?.metric ?? 0) >= burned && isEnough(answer)) return tookMs;
    if (tookMs > GIVE_UP_MS) throw new Error(`not shown within ${GIVE_UP_MS} ms`);
    await delay(LOOK_MS);
  }
}
