import { type RawBuilder, sql } from "kysely";
import type { Clock } from "../../contracts/clock.ts";
import { type OrreryDatabase, type OrreryTransaction, withTenant } from "../database.ts";
import { databaseNow } from "../database-clock.ts";
import { withRole } from "../system-role.ts";
import type {
  Board,
  BoardPage,
  BoardType,
  LeaderboardRepository,
  Period,
} from "./leaderboard-repository.ts";
import { advanceScores } from "./score-advance.ts";

/** The boards that burns make, with the score that each ranks by. */
const SCORES: Readonly<Partial<Record<BoardType, string>>> = {
  "most-burned": "amount",
  "most-active": "burn_count",
  "most-burners": "burner_count",
};
/** The last stage at which a burn still counts in a period; in `all` it never leaves. */
const LAST_STAGES: Readonly<Record<Period, number | undefined>> = {
  "24h": 1,
  "7d": 2,
  "30d": 3,
  all: undefined,
};

interface Row {
  address: string;
  name: string;
  symbol: string;
  decimals: number;
  total_supply: string;
  total_burned: string;
  burn_count: string;
  metadata_uri: string | null;
  created_at: Date;
  metric: string;
}

export class KyselyLeaderboardRepository implements LeaderboardRepository {
  readonly #database: OrreryDatabase;
  readonly #clock: Clock | undefined;

  /** `clock` replaces the database's own, for tests that hold time still. */
  constructor(database: OrreryDatabase, clock?: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  advance(): Promise<void> {
    return advanceScores(this.#database, this.#clock);
  }

  async readBoard(page: BoardPage): Promise<Board> {
    const score = SCORES[page.type];
    if (score !== undefined) await this.advance();
    const work = (transaction: OrreryTransaction) =>
      score === undefined
        ? readTokenBoard(transaction, page)
        : readScoreBoard(transaction, page, score, databaseNow(this.#clock));
    const { tenantId } = page.scope;
    return tenantId === undefined
      ? withRole(this.#database, "orrery_public", work)
      : withTenant(this.#database, tenantId, work);
  }
}

async function readScoreBoard(
  transaction: OrreryTransaction,
  page: BoardPage,
  score: string,
  now: RawBuilder<Date>,
): Promise<Board> {
  const { rows } = await sql<Row>`
    select ${tokenFields("token")}, score.${sql.id(score)} as metric
    from token_scores as score
    join tokens as token
      on token.tenant_id = score.tenant_id and token.address = score.token_address
    where ${inScope("score", page)} and score.period = ${page.period} and score.burn_count > 0
    order by score.${sql.id(score)} desc, score.token_address, score.tenant_id
    limit ${page.limit} offset ${page.offset}
  `.execute(transaction);
  const last = LAST_STAGES[page.period];
  const stages = last === undefined ? [0] : Array.from({ length: last + 1 }, (_, stage) => stage);
  const counted = await sql<{ total: string; changes_in_ms: number | null }>`
    select
      (select count(*) from token_scores as score
       where ${inScope("score", page)} and period = ${page.period} and burn_count > 0) as total,
      (select (extract(epoch from min(next.due_at) - ${now}) * 1000)::float8
       from unnest(${stages}::smallint[]) as stages (stage)
       cross join lateral (
         select due_at from burn_windows as burn
         where ${inScope("burn", page)} and burn.stage = stages.stage order by due_at limit 1
       ) as next) as changes_in_ms
  `.execute(transaction);
  const { total = "0", changes_in_ms: changesInMs } = counted.rows[0] ?? {};
  return {
    rows: rows.map(rowOf),
    total: Number(total),
    changesInMs: changesInMs == null ? undefined : Math.max(0, changesInMs),
  };
}

async function readTokenBoard(transaction: OrreryTransaction, page: BoardPage): Promise<Board> {
  const [metric, order] =
    page.type === "newest"
      ? [sql`(extract(epoch from created_at) * 1000)::bigint`, sql`created_at`]
      : [sql`total_supply`, sql`total_supply`];
  const { rows } = await sql<Row>`
    select ${tokenFields("token")}, ${metric} as metric
    from tokens as token where ${inScope("token", page)}
    order by ${order} desc, address, tenant_id
    limit ${page.limit} offset ${page.offset}
  `.execute(transaction);
  const counted = await sql<{ total: string }>`
    select count(*) as total from tokens as token where ${inScope("token", page)}
  `.execute(transaction);
  return {
    rows: rows.map(rowOf),
    total: Number(counted.rows[0]?.total ?? 0),
    changesInMs: undefined,
  };
}

/** The tenant's rows, or what is listed of everyone's: row-level security says the same once more. */
function inScope(table: string, { scope }: BoardPage) {
  return scope.tenantId === undefined
    ? sql`${sql.id(table)}.listed`
    : sql`${sql.id(table)}.tenant_id = ${scope.tenantId}`;
}

function tokenFields(table: string) {
  const columns = [
    "address",
    "name",
    "symbol",
    "decimals",
    "total_supply",
    "total_burned",
    "burn_count",
    "metadata_uri",
    "created_at",
  ];
  return sql.join(columns.map((column) => sql`${sql.id(table, column)}`));
}

function rowOf(row: Row) {
  return {
    token: {
      address: row.address,
      name: row.name,
      symbol: row.symbol,
      decimals: row.decimals,
      totalSupply: BigInt(row.total_supply),
      totalBurned: BigInt(row.total_burned),
      burnCount: Number(row.burn_count),
      metadataUri: row.metadata_uri ?? undefined,
      createdAt: row.created_at,
    },
    metric: BigInt(row.metric),
  };
}
