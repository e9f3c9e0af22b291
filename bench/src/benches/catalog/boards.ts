import { setTimeout as delay } from "node:timers/promises";
import { openDatabase } from "@orrery/common/repositories/database";
import {
  type BoardType,
  type LeaderboardRepository,
  PERIODS,
  type Period,
} from "@orrery/common/repositories/leaderboard/leaderboard-repository";
import { KyselyLeaderboardRepository } from "@orrery/common/repositories/leaderboard/leaderboard-repository.kysely";
import { type BenchCatalog, startBenchCatalog } from "../../catalog-runs/catalog.ts";
import { withSteadyBurns } from "../../catalog-runs/steady-burns.ts";
import { fillBurnHistory } from "../../data/burn-history.ts";
import {
  type Bench,
  type BenchContext,
  type Fact,
  type Outcome,
  sized,
} from "../../harness/bench.ts";
import { playRounds } from "../../harness/rounds.ts";
import { quantile } from "../../statistics/statistics.ts";
import {
  type BenchPostgres,
  runSql,
  serviceUrl,
  startBenchPostgres,
} from "../../world/postgres.ts";
import { countWrongScores } from "./count-wrong-scores.ts";

const PER_SECOND = 500;
/** A round in which fewer arrived than this share of what was asked for says nothing. */
const LEAST_ARRIVED = 0.95;
/** Before the first read: the scores are behind as they always are then. */
const WARM_UP_MS = 500;
/** Between two reads, so that some burns have arrived that no one has counted. */
const MAX_PAUSE_MS = 10;
const PAGE = 10;

interface BoardName {
  readonly type: BoardType;
  readonly period: Period;
}

const BOARDS: readonly BoardName[] = [
  ...(["most-burned", "most-active", "most-burners"] as const).flatMap((type) =>
    PERIODS.map((period) => ({ type, period })),
  ),
  { type: "newest", period: "all" },
  { type: "largest-supply", period: "all" },
];

export const boards: Bench = {
  name: "boards",
  about:
    "cold boards over 10 million burns while 500 a second arrive, against 1 million and GROUP BY",
  run,
};

/** One database with its history, and the catalog that takes the burns. */
interface World {
  readonly url: string;
  readonly boards: LeaderboardRepository;
  readonly catalog: BenchCatalog;
  /** By board: the p99 of each round, in ms. */
  readonly p99s: Map<string, number[]>;
  readonly arrived: number[];
  failures: number;
}

async function run(context: BenchContext): Promise<Outcome> {
  const burns = sized(context, 10_000_000, 100_000);
  const samples = sized(context, 200, 10);
  const history = { burns, tokens: sized(context, 10_000, 1_000), burners: 10_000 };
  const postgres = await startBenchPostgres(context);
  const full = await openWorld(context, postgres, "all_burns", history);
  const tenth = await openWorld(context, postgres, "tenth_of_burns", {
    ...history,
    burns: burns / 10,
  });
  const measure = (world: World) => (round: number) =>
    measureRound(world, { round, samples, ...history });
  const [fullMs = [], tenthMs = [], groupedMs = []] = await playRounds(context, [
    { name: "all burns, p99 ms", play: measure(full) },
    { name: "a tenth of them, p99 ms", play: measure(tenth) },
    { name: "GROUP BY, ms", play: () => timeGroupBy(full.url) },
  ]);
  const rival = (runs: readonly number[], name = "a tenth of the burns") => ({ name, runs });
  return {
    figures: [
      ...BOARDS.map((board) => {
        const id = nameOf(board);
        const [runs, rivalRuns] = [full.p99s.get(id) ?? [], tenth.p99s.get(id) ?? []];
        return { id, label: `cold ${id}, p99`, unit: "ms", runs, rival: rival(rivalRuns) };
      }),
      figure("growth", "any cold board, p99", fullMs, rival(tenthMs)),
      figure("group-by", "any cold board, p99", fullMs, rival(groupedMs, "GROUP BY")),
    ],
    facts: [
      arrivalFact("10 million", full),
      arrivalFact("1 million", tenth),
      await scoresFact(full),
      await scoresFact(tenth),
    ],
    notes: { ...history, samples, perSecond: PER_SECOND, boards: BOARDS.length },
  };
}

function nameOf({ type, period }: BoardName): string {
  return `${type}-${period}`;
}

function figure(id: string, label: string, runs: readonly number[], rival: Rival) {
  return { id, label, unit: "ms", runs, rival };
}

interface Rival {
  readonly name: string;
  readonly runs: readonly number[];
}

async function openWorld(
  context: BenchContext,
  postgres: BenchPostgres,
  name: string,
  history: { readonly burns: number; readonly tokens: number; readonly burners: number },
): Promise<World> {
  const url = await postgres.createDatabase(name);
  await fillBurnHistory(context, url, history);
  const asService = serviceUrl(url, "catalog");
  const database = openDatabase({
    url: asService,
    poolSize: 2,
    applicationName: "bench",
    role: "orrery_cache",
  });
  context.cleanup.defer(() => database.close());
  const catalog = await startBenchCatalog(context, asService, { NODE_ENV: "production" });
  return {
    url,
    boards: new KyselyLeaderboardRepository(database.kysely),
    catalog,
    p99s: new Map(),
    arrived: [],
    failures: 0,
  };
}

interface RoundPlan {
  readonly round: number;
  readonly samples: number;
  readonly tokens: number;
  readonly burners: number;
}

/** The p99 of all reads of a round; those of each board are noted. */
async function measureRound(world: World, { round, samples, ...history }: RoundPlan) {
  const { url, contextKeys } = world.catalog;
  const idPrefix = `steady-${round}`;
  const plan = { url, contextKeys, perSecond: PER_SECOND, idPrefix, ...history };
  const { result, report } = await withSteadyBurns(plan, async () => {
    await delay(WARM_UP_MS);
    return readAll(world.boards, samples);
  });
  world.failures += report.failures;
  if (round > 0) {
    world.arrived.push((report.answered * 1_000) / report.elapsedMs);
    for (const [board, times] of result) {
      world.p99s.set(board, [...(world.p99s.get(board) ?? []), quantile(times, 0.99)]);
    }
  }
  return quantile([...result.values()].flat(), 0.99);
}

/** Milliseconds of every read, by board; the boards take turns. */
async function readAll(boards: LeaderboardRepository, samples: number) {
  const times = new Map<string, number[]>();
  for (let sample = 0; sample < samples; sample += 1) {
    for (const board of BOARDS) {
      await delay(Math.random() * MAX_PAUSE_MS);
      const page = { ...board, scope: { tenantId: undefined }, offset: 0, limit: PAGE };
      const startMs = performance.now();
      const { rows } = await boards.readBoard(page);
      const tookMs = performance.now() - startMs;
      if (rows.length !== PAGE) throw new Error(`${nameOf(board)} has ${rows.length} rows`);
      times.set(nameOf(board), [...(times.get(nameOf(board)) ?? []), tookMs]);
    }
  }
  return times;
}

/** What a board is without maintained scores: as superuser, without row-level security. */
async function timeGroupBy(url: string): Promise<number> {
  const startMs = performance.now();
  await runSql(
    url,
    `select token_address, sum(amount) as metric from token_burns
     where burned_at >= now() - interval '30 days'
     group by tenant_id, token_address order by metric desc, token_address limit ${PAGE}`,
  );
  return performance.now() - startMs;
}

function arrivalFact(name: string, { arrived, failures }: World): Fact {
  const least = Math.min(...arrived);
  return {
    what: `${name}: burns arrived at ${PER_SECOND} a second, and none was refused`,
    isHeld: least >= LEAST_ARRIVED * PER_SECOND && failures === 0,
    detail: `${Math.round(least)} a second at least, ${failures} refused`,
  };
}

/** Counts all burns, once nobody burns or advances any more. */
async function scoresFact({ url, catalog }: World): Promise<Fact> {
  await catalog.child.stop("SIGTERM", 10_000);
  const { scores, wrong } = await countWrongScores(url);
  return {
    what: "scores are what a count of the whole history says",
    isHeld: wrong === 0 && scores > 0,
    detail: `${wrong} of ${scores} wrong`,
  };
}
