import { openDatabase } from "@orrery/common/repositories/database";
import { KyselyLeaderboardRepository } from "@orrery/common/repositories/leaderboard/leaderboard-repository.kysely";
import { runSql } from "../../world/postgres.ts";

/**
 * Brings the scores up to one moment and compares each with a count of all burns at that moment.
 * Nobody else may advance them meanwhile.
 */
export async function countWrongScores(url: string): Promise<{ scores: number; wrong: number }> {
  const nowMs = Date.now();
  const database = openDatabase({ url, poolSize: 1, applicationName: "bench" });
  try {
    await new KyselyLeaderboardRepository(database.kysely, () => nowMs).advance();
  } finally {
    await database.close();
  }
  const values = [new Date(nowMs).toISOString()];
  const [counted] = await runSql<{ scores: number; wrong: number }>(url, COMPARE, values);
  if (counted === undefined) throw new Error("nothing was compared");
  return counted;
}

const inside = (hours: number) => `burned_at >= $1::timestamptz - interval '${hours} hours'`;
const PERIODS = [
  ["24h", inside(24)],
  ["7d", inside(168)],
  ["30d", inside(720)],
  ["all", "true"],
] as const;

const columns = PERIODS.map(
  ([period, filter]) => `
    sum(amount) filter (where ${filter}) as "amount ${period}",
    count(*) filter (where ${filter}) as "burns ${period}",
    count(distinct burned_by) filter (where ${filter}) as "burners ${period}"`,
).join(",");

const rows = PERIODS.map(
  ([period]) => `('${period}', "amount ${period}", "burns ${period}", "burners ${period}")`,
).join(", ");

const COMPARE = `
  with counted as (
    select tenant_id, token_address, ${columns}
    from token_burns where burned_at <= $1::timestamptz group by 1, 2
  ),
  expected as (
    select tenant_id, token_address, period, amount, burns, burners
    from counted, lateral (values ${rows}) as periods (period, amount, burns, burners)
    where burns > 0
  )
  select count(*)::int as scores,
    count(*) filter (where (score.amount, score.burn_count, score.burner_count)
      is distinct from (expected.amount, expected.burns, expected.burners))::int as wrong
  from expected full join (select * from token_scores where burn_count > 0) as score
    using (tenant_id, token_address, period)
`;
